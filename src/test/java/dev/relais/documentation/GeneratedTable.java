package dev.relais.documentation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A table of a page between {@code <!-- generated: NAME -->} and {@code <!-- end -->}. The code gives its rows, their order and
 * some of their cells; the other cells are written by a person and are kept.
 *
 * @param key the column by which a row of the page is recognised
 */
public record GeneratedTable(String page, String name, int key) {
    /** Stands in place of a cell that is not written yet. */
    private static final String UNWRITTEN = "**to be written**";

    /** The rows that stand in the page; each with the cells that its heading has. */
    public List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        String[] lines = table(Page.of(page).text()).split("\n");
        for (int i = 2; i < lines.length; i++) {
            rows.add(cells(lines[i]));
        }
        return rows;
    }

    /**
     * Fails when the page has another table; with {@code -Ddocs.write=true} it is written first.
     *
     * @param wanted for each row its cells, null where the page's is kept
     */
    public void assertHas(List<List<String>> wanted) throws IOException {
        assertFalse(wanted.isEmpty(), "the code gives no row for " + name);
        Page before = Page.of(page);
        String is = table(before.text());
        String made = make(is, wanted);
        if (Boolean.getBoolean("docs.write") && !made.equals(is)) {
            Files.writeString(before.file(), before.text().replace(mark() + is, mark() + made));
            is = made;
        }
        assertEquals(
                made,
                is,
                () -> "The table \"" + name + "\" of " + before
                        + " is not what the code says. It is written by this test with"
                        + " -Ddocs.write=true, most tables by ./mvnw test -Dtest=DocumentationTest,DocumentedMetersTest -Ddocs.write=true");
        assertFalse(
                is.contains(UNWRITTEN),
                () -> before + " has a row in \"" + name + "\" of which something is " + UNWRITTEN);
    }

    /** Those of a table that another one has not, or, when each has all of the other, its rows in their order. */
    private static List<String> lines(String table, String other) {
        List<String> own = new ArrayList<>(List.of(table.split("\n")));
        if (!table.equals(other)) {
            own.removeAll(List.of(other.split("\n")));
        }
        return own.isEmpty() ? List.of(table.split("\n")) : own;
    }

    private String make(String is, List<List<String>> wanted) {
        String[] lines = is.split("\n");
        int columns = cells(lines[0]).size();
        Map<String, List<String>> kept = new HashMap<>();
        for (int i = 2; i < lines.length; i++) {
            List<String> cells = cells(lines[i]);
            assertEquals(columns, cells.size(), lines[i]);
            kept.put(cells.get(key), cells);
        }
        StringBuilder text =
                new StringBuilder(lines[0]).append('\n').append(lines[1]).append('\n');
        for (List<String> row : wanted) {
            List<String> old = kept.get(row.get(key));
            text.append('|');
            for (int column = 0; column < columns; column++) {
                String cell = row.get(column);
                if (cell == null) {
                    cell = old == null || old.get(column).isEmpty() ? UNWRITTEN : old.get(column);
                }
                text.append(cell.isEmpty() ? "" : " ").append(cell).append(" |");
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** From behind the mark's line to the end of the last row. */
    private String table(String text) {
        int start = text.indexOf(mark());
        assertTrue(start >= 0, () -> Page.DOCUMENTS.resolve(page) + " has no line " + mark());
        start += mark().length();
        int end = text.indexOf("<!-- end -->", start);
        assertTrue(end >= 0, () -> "there is no end behind " + mark());
        return text.substring(start, end);
    }

    private String mark() {
        return "<!-- generated: " + name + " -->\n";
    }

    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        for (String cell : line.strip().substring(1).split("(?<!\\\\)\\|")) {
            cells.add(cell.strip());
        }
        return cells;
    }
}
