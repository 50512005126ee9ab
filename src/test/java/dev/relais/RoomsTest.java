package dev.relais;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the Javadoc of the packages says of imports is what {@link ArchitectureTest} enforces. */
class RoomsTest {
    private static final Path ROOT = Path.of("src/main/java/dev/relais");
    private static final Map<String, Set<String>> MAY_IMPORT = ArchitectureTest.MAY_IMPORT;
    private static final Pattern CODE = Pattern.compile("\\{@code ([a-z]+)}");

    /** The room lifecycle alone says which rooms it does not import, because it imports nearly all. */
    @Test
    void theTableOfTheRootIsTrue() throws IOException {
        Map<String, Set<String>> table = table();
        Set<String> all = new TreeSet<>(MAY_IMPORT.keySet());
        all.remove("lifecycle");
        all.removeAll(Set.of("health", "console"));
        assertEquals(Set.of("all but health and console"), table.remove("lifecycle"));
        Map<String, Set<String>> drawn = new TreeMap<>(MAY_IMPORT);
        assertTrue(all.containsAll(drawn.remove("lifecycle")));
        assertEquals(drawn, table);
    }

    private static Map<String, Set<String>> table() throws IOException {
        String source = Files.readString(ROOT.resolve("package-info.java"));
        Map<String, Set<String>> table = new TreeMap<>();
        String room = "";
        for (String line : source.substring(source.indexOf("<pre>\n") + 6, source.indexOf(" * </pre>"))
                .split("\n")) {
            String row = String.format("%-60s", line.substring(3));
            room = row.startsWith(" ") ? room : row.substring(0, row.indexOf(' '));
            Set<String> imported = table.computeIfAbsent(room, name -> new TreeSet<>());
            for (String name : row.substring(50).split(",")) {
                if (!name.isBlank() && !name.strip().equals("-")) {
                    imported.add(name.strip());
                }
            }
        }
        return table;
    }

    /** A package that says what it imports says all of it, in a sentence that begins with this word. */
    @Test
    void theSentencesOfThePackagesAreTrue() throws IOException {
        Map<String, Set<String>> told = new TreeMap<>();
        for (String room : MAY_IMPORT.keySet()) {
            String text = Files.readString(ROOT.resolve(room).resolve("package-info.java"))
                    .replaceAll("\n \\* ?", " ");
            Matcher sentence = Pattern.compile("\\bImports ([^.;]+)[.;]").matcher(text);
            if (sentence.find()
                    && (sentence.group(1).contains("{@code")
                            || sentence.group(1).startsWith("no other"))) {
                told.put(
                        room,
                        CODE.matcher(sentence.group(1))
                                .results()
                                .map(found -> found.group(1))
                                .collect(Collectors.toCollection(TreeSet::new)));
            }
        }
        assertTrue(told.size() > 5, told::toString);
        for (Map.Entry<String, Set<String>> room : told.entrySet()) {
            assertEquals(MAY_IMPORT.get(room.getKey()), room.getValue(), room.getKey());
        }
    }
}
