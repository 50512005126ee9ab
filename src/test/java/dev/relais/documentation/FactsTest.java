package dev.relais.documentation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each fact says what proves it, each test that it names is there, and comments cite facts that are there. */
class FactsTest {
    private static final Pattern FACT = Pattern.compile("(?ms)^### Fact (\\d+): [^\n]+\n(.*?)(?=^##|\\z)");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*(?:Test|IT))(?:\\.(\\w+))?`");
    private static final Pattern CITATION =
            Pattern.compile("(?s)(facts\\.md,[\\s*/]+)?\\bfacts?[\\s*/]+(\\d+)(?:(?:,| and)[\\s*/]+(\\d+))?");

    private final Map<Integer, String> facts = new HashMap<>();

    FactsTest() {
        Matcher fact = FACT.matcher(Page.of("facts.md").text());
        while (fact.find()) {
            assertEquals(facts.size() + 1, Integer.parseInt(fact.group(1)), "facts are numbered in their order");
            facts.put(facts.size() + 1, fact.group(2));
        }
    }

    @Test
    void eachSaysWhichTestsProveItOrThatNoneDoes() {
        assertTrue(facts.size() >= 35, "only " + facts.size());
        facts.forEach((number, text) -> assertTrue(
                Pattern.compile("(?m)^(Tests: |No test)").matcher(text).find(), "fact " + number));
    }

    @Test
    void eachTestThatOneNamesIsThere() throws IOException {
        Map<String, String> sources = new HashMap<>(); // of one name there may be two classes, in two packages
        for (Path file : Sources.in(Path.of("src/test/java"), ".java")) {
            String name = file.getFileName().toString().replace(".java", "");
            sources.merge(name, Files.readString(file), String::concat);
        }
        List<String> gone = new ArrayList<>();
        facts.forEach((number, text) -> {
            Matcher test = TEST.matcher(text);
            while (test.find()) {
                String source = sources.get(test.group(1));
                if (source == null || test.group(2) != null && !source.contains("void " + test.group(2) + "(")) {
                    gone.add("fact " + number + ": " + test.group());
                }
            }
        });
        assertEquals(List.of(), gone);
    }

    @Test
    void commentsCiteFactsThatAreThereAndThePageTheyAreOn() throws IOException {
        Set<String> wrong = new TreeSet<>();
        int found = 0;
        for (String folder : List.of("src/main", "src/test/java", "src/bench/java")) {
            for (Path file : Sources.in(Path.of(folder), ".java")) {
                if (file.endsWith("FactsTest.java")) {
                    continue;
                }
                String text = Files.readString(file);
                Matcher citation = CITATION.matcher(text);
                while (citation.find()) {
                    found++;
                    if (citation.group(1) == null || !isThere(citation.group(2)) || !isThere(citation.group(3))) {
                        wrong.add(file + ": " + citation.group().replaceAll("\\s+", " "));
                    }
                }
                if (text.contains("DESIGN.md")) {
                    wrong.add(file + " cites DESIGN.md, which is not in the repository");
                }
            }
        }
        assertEquals(Set.of(), wrong);
        assertTrue(found > 20, "only " + found);
    }

    private boolean isThere(String number) {
        return number == null || facts.containsKey(Integer.parseInt(number));
    }
}
