package dev.relais.documentation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.Reader;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables that users depend on: every key, problem type and room; {@link DocumentedMetersTest} has the meters. */
class DocumentationTest {
    private static final Pattern MARK = Pattern.compile("<!-- generated: (relais\\.\\S+) -->");
    private static final Pattern QUARKUS_KEY = Pattern.compile("(?m)^\\| `(quarkus\\.\\S+)` \\| (?:`([^`]*)`)?");

    static List<ConfigurationKeys> configurations() throws Exception {
        return ConfigurationKeys.all();
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void everyConfigurationKeyIsThere(ConfigurationKeys keys) throws IOException {
        new GeneratedTable("configuration.md", keys.prefix(), 0).assertHas(keys.rows());
    }

    @Test
    void noTableOfKeysIsLeftOfAConfigurationThatIsGone() throws Exception {
        Set<String> documented = new HashSet<>();
        Matcher mark = MARK.matcher(Page.of("configuration.md").text());
        while (mark.find()) {
            documented.add(mark.group(1));
        }
        Set<String> there = new HashSet<>();
        configurations().forEach(keys -> there.add(keys.prefix()));
        assertEquals(there, documented);
    }

    @Test
    void theDefaultsOfQuarkusKeysAreThoseThatRelaisSets() throws IOException {
        Properties set = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
            set.load(reader);
        }
        int found = 0;
        Matcher key = QUARKUS_KEY.matcher(Page.of("configuration.md").text());
        while (key.find()) {
            String value = set.getProperty(key.group(1));
            if (value != null && key.group(2) != null) {
                assertEquals(value, key.group(2), key.group(1));
                found++;
            }
        }
        assertTrue(found > 5, "only " + found);
    }

    @Test
    void everyProblemIsThere() throws Exception {
        Class<?> problems = Sources.type(Sources.named("Problem.java"));
        Method status = accessible(problems.getDeclaredMethod("status"));
        Method json = accessible(problems.getDeclaredMethod("json", String.class, String.class));
        List<List<String>> rows = new ArrayList<>();
        for (Object problem : problems.getEnumConstants()) {
            Matcher type = Pattern.compile("\"type\":\"([^\"]+)\"").matcher((String) json.invoke(problem, null, null));
            assertTrue(type.find(), problem::toString);
            rows.add(Arrays.asList(status.invoke(problem).toString(), "`" + type.group(1) + "`", null, null));
        }
        new GeneratedTable("errors.md", "problems", 1).assertHas(rows);
    }

    @Test
    void everyKeyOfAFunctionIsThere() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (String key : Sources.find(Sources.named("FunctionKeys.java"), "\\bkey\\(\\s*\"([a-z-]+)\"")) {
            rows.add(Arrays.asList("`" + key + "`", null, null));
        }
        new GeneratedTable("functions-yaml.md", "functions.yaml", 0).assertHas(rows);
    }

    /** A class is named as {@code room.Class} on the page for developers, so that a move shows. */
    @Test
    void everyClassThatDevelopersAreSentToIsThere() {
        List<String> classes = Pattern.compile("`([a-z]+\\.[A-Z]\\w+)[`.(]")
                .matcher(Page.of("developing.md").text())
                .results()
                .map(found -> found.group(1))
                .toList();
        assertTrue(classes.size() > 15, classes::toString);
        List<String> gone = classes.stream()
                .filter(name -> !Files.exists(Path.of("src/main/java/dev/relais", name.replace('.', '/') + ".java")))
                .toList();
        assertEquals(List.of(), gone, "src/docs/developing.md names classes that are not in these rooms");
    }

    /** What each is for is the first sentence of its own Javadoc. */
    @Test
    void everyRoomIsThere() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        Path root = Path.of("src/main/java/dev/relais");
        for (Path file : Sources.in(root, "package-info.java")) {
            Path room = root.relativize(file.getParent());
            if (!room.toString().isEmpty()) {
                rows.add(List.of("`" + room.toString().replace('/', '.') + "`", firstSentence(Files.readString(file))));
            }
        }
        new GeneratedTable("developing.md", "rooms", 0).assertHas(rows);
    }

    /** Javadoc takes a block tag for one only where it begins a line; elsewhere it is shown as text. */
    @Test
    void everyBlockTagBeginsItsLine() throws IOException {
        Pattern comment = Pattern.compile("^\\s*(?:/\\*\\*|\\*) ");
        Pattern late = Pattern.compile("\\S\\s+@(?:param|return|throws|see|since|deprecated)\\b");
        List<String> faults = new ArrayList<>();
        for (Path file : Sources.in(Path.of("src"), ".java")) {
            for (String line : Files.readAllLines(file)) {
                Matcher begin = comment.matcher(line);
                if (begin.find() && late.matcher(line.substring(begin.end())).find()) {
                    faults.add(file.getFileName() + ": " + line.strip());
                }
            }
        }
        assertEquals(List.of(), faults);
    }

    /** Keep a Changelog: what changed is grouped by its kind, and no kind stands twice in a version. */
    @Test
    void theChangelogHasEachKindOfChangeOnceAndInTheirOrder() {
        List<String> kinds = List.of("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security");
        String[] versions = Page.of(Path.of("CHANGELOG.md")).text().split("(?m)^## ");
        for (int i = 1; i < versions.length; i++) {
            List<String> found = Pattern.compile("(?m)^### (.+)$")
                    .matcher(versions[i])
                    .results()
                    .map(heading -> heading.group(1))
                    .toList();
            assertEquals(kinds.stream().filter(found::contains).toList(), found);
        }
        assertTrue(versions.length > 1);
    }

    /** The walk of a request stands in the root's Javadoc: nine lines at the most. */
    @Test
    void aRequestsWalkIsThere() throws IOException {
        String source = Files.readString(Path.of("src/main/java/dev/relais/package-info.java"));
        String from = source.substring(source.indexOf("A request's walk</h2>"));
        List<List<String>> rows = new ArrayList<>();
        for (String line : from.substring(from.indexOf("<ol>\n") + 5, from.indexOf(" * </ol>"))
                .split("\n")) {
            assertTrue(line.startsWith(" *   <li>"), () -> "a step of the walk is one line: " + line);
            rows.add(List.of(Integer.toString(rows.size() + 1), markdown(line.substring(" *   <li>".length()))));
        }
        assertTrue(rows.size() <= 9, rows::toString);
        new GeneratedTable("developing.md", "walk", 0).assertHas(rows);
    }

    private static String firstSentence(String source) {
        Matcher sentence =
                Pattern.compile("(?s)/\\*\\*[\\s*]*(.+?\\.)(?=\\s|\\*/)").matcher(source);
        assertTrue(sentence.find(), source);
        return markdown(sentence.group(1));
    }

    private static String markdown(String javadoc) {
        return javadoc.replaceAll("\\s+\\* ?", " ")
                .replaceAll("\\{@(?:code|link) (?:dev\\.relais\\.[\\w.]*\\.)?([^}]*)\\}", "`$1`");
    }

    private static Method accessible(Method method) {
        method.setAccessible(true);
        return method;
    }
}
