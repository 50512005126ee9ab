package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The table of legal moves in the Javadoc of a sealed state. It has one row for each state, one column for each move, and in
 * the cell the state that follows. An empty cell is a move that throws.
 */
final class StateTable {
    private final Class<?> states;
    private final Map<String, Map<String, String>> rows = new LinkedHashMap<>();

    /** Reads it from the source of the states. */
    StateTable(Class<?> states) throws IOException {
        this.states = states;
        Path source = Path.of("src/main/java", states.getName().replace('.', '/') + ".java");
        List<String> lines = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(source)) {
            inside &= !line.equals(" * </pre>");
            if (inside) {
                lines.add(line.substring(3));
            }
            inside |= line.equals(" * <pre>");
            if (line.startsWith("sealed interface")) {
                break;
            }
        }
        Map<Integer, String> moves = words(lines.get(0));
        for (String line : lines.subList(1, lines.size())) {
            Map<Integer, String> cells = words(line);
            Map<String, String> row = new LinkedHashMap<>();
            rows.put(cells.remove(0), row);
            moves.forEach((column, move) -> row.put(move, cells.remove(column)));
            assertEquals(Map.of(), cells, "words that stand under no move: " + line);
        }
    }

    /** The words of a line by the column that they begin in. */
    private static Map<Integer, String> words(String line) {
        Map<Integer, String> words = new LinkedHashMap<>();
        int column = 0;
        while (column < line.length()) {
            int end = line.indexOf(' ', column) < 0 ? line.length() : line.indexOf(' ', column);
            if (end > column) {
                words.put(column, line.substring(column, end));
            }
            column = end + 1;
        }
        return words;
    }

    /**
     * Makes every move in every state that can be reached, and compares what follows with the table.
     *
     * @return all that was reached
     */
    Set<Object> check(Object first) throws ReflectiveOperationException {
        Set<Object> reached = new HashSet<>(List.of(first));
        ArrayDeque<Object> left = new ArrayDeque<>(reached);
        Set<String> names = new TreeSet<>();
        while (!left.isEmpty()) {
            Object state = left.poll();
            names.add(state.getClass().getSimpleName());
            Map<String, String> row = rows.get(state.getClass().getSimpleName());
            Set<String> unknown = new TreeSet<>(row.keySet());
            for (Method move : moves()) {
                unknown.remove(move.getName());
                for (Object[] arguments : arguments(move)) {
                    Object next = next(state, move, arguments);
                    String expected = row.get(move.getName());
                    String seen = next == null ? null : next.getClass().getSimpleName();
                    assertEquals(expected, seen, () -> move.getName() + " in " + state);
                    if (next != null && reached.add(next)) {
                        left.add(next);
                    }
                }
            }
            assertEquals(Set.of(), unknown, "columns that are no moves");
        }
        assertEquals(new TreeSet<>(rows.keySet()), names, "states that the first one leads to");
        return reached;
    }

    /** How many records a sealed type permits, those of the sealed types that it permits among them. */
    static int records(Class<?> type) {
        if (type.isRecord()) {
            return 1;
        }
        int records = 0;
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            records += records(permitted);
        }
        return records;
    }

    private List<Method> moves() {
        List<Method> moves = new ArrayList<>();
        for (Method method : states.getDeclaredMethods()) {
            if (method.getReturnType() == states && !Modifier.isPrivate(method.getModifiers())) {
                method.setAccessible(true);
                moves.add(method);
            }
        }
        assertFalse(moves.isEmpty());
        return moves;
    }

    private static List<Object[]> arguments(Method move) {
        return move.getParameterCount() == 0
                ? List.<Object[]>of(new Object[0])
                : List.of(new Object[] {true}, new Object[] {false});
    }

    /** @return null when the move is not legal */
    private static Object next(Object state, Method move, Object[] arguments) throws ReflectiveOperationException {
        try {
            return move.invoke(state, arguments);
        } catch (InvocationTargetException e) {
            assertEquals(IllegalStateException.class, e.getCause().getClass());
            return null;
        }
    }
}
