package dev.relais.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code sites} in {@code functions.yaml}: what is read, and what a mistake says. */
class SitesFormTest {
    private static final Path PAGE = Path.of("src/docs/sites.md");

    @TempDir
    Path directory;

    private Settings read(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("functions.yaml"), text);
        return SettingsFile.read(file, "functions.yaml", FunctionSettings.defaults(60_000), 1_000_000);
    }

    @Test
    void theSameFileGivesEqualSettings() throws IOException {
        for (String example : examples()) {
            assertEquals(read(example), read(example));
        }
    }

    /** Each example of the page is a file that can be read; those that are rules alone are in one. */
    @Test
    void theExamplesOfThePageAreRight() throws IOException {
        Set<String> sites = new TreeSet<>();
        for (String example : examples()) {
            sites.addAll(read(example).sites().keySet());
        }
        assertTrue(
                sites.containsAll(List.of("wordpress", "www-blog", "cloud", "shop", "drupal", "news")),
                sites::toString);
    }

    private static List<String> examples() throws IOException {
        List<String> examples = new ArrayList<>();
        Matcher block = Pattern.compile("(?s)```yaml\n(.*?)```").matcher(Files.readString(PAGE));
        while (block.find()) {
            String text = block.group(1);
            examples.add(text.startsWith("sites:") ? text : "sites:\n  a:\n    root: /srv/a\n" + text.indent(4));
        }
        assertTrue(examples.size() >= 6, examples::toString);
        return examples;
    }

    @Test
    void thePageHasEachKeyOfASite() throws IOException {
        String page = Files.readString(PAGE);
        Set<String> told = new TreeSet<>();
        Matcher row = Pattern.compile("(?m)^\\| `([a-z-]+)`(?: \\+)? \\|").matcher(page);
        while (row.find()) {
            told.add(row.group(1));
        }
        Set<String> own = new TreeSet<>(SiteKeys.names());
        own.removeIf(FunctionKeys::isOfSites);
        assertTrue(told.containsAll(own), () -> told + " of " + own);
        for (String key : SiteKeys.names()) {
            assertTrue(page.contains("`" + key + "`"), key);
        }
        Matcher marked = Pattern.compile("(?m)^\\| `([a-z-]+)` \\+ \\|").matcher(page);
        Set<String> ofPaths = new TreeSet<>(Set.of("internal", "timeout", "max-body-size", "root"));
        while (marked.find()) {
            ofPaths.add(marked.group(1));
        }
        assertEquals(SiteKeys.namesOfPaths(), ofPaths);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sits: {}                                        | unknown key; write sites",
                "sites: {a: {rot: /srv/a}}                       | unknown key; write root",
                "sites: {a: {root: /srv/a, paths: {b/: {script: none}}}} | unknown key; write scripts",
                "sites: {a: {root: /srv/a, rules: [{match: a, too: /b}]}} | unknown key; write to",
                "sites: {a: {root: /srv/a}, b: {root: /srv/b}}   | the site a has every other host at /, too",
                "sites: {a: {root: /a, hosts: [x]}, b: {root: /b, hosts: [y, X]}} | the site a has x at /, too",
                "sites: {a: {root: /a, hosts: [x, x]}}           | x at / twice",
                "sites: {a: {root: /a, scripts: [b.php], fallback: /c.php}} | the fallback /c.php is no script that may run",
                "sites: {a: {root: /a, deny: [c.php], fallback: /c.php}} | the fallback /c.php is denied",
                "sites: {a: {root: /a, rules: [{match: '(', to: /b}]}} | not a regular expression of RE2",
                "sites: {a: {root: /a, rules: [{match: '(?!a)b', to: /b}]}} | not a regular expression of RE2",
                "sites: {a: {root: /a, rules: [{match: '(a{1000}){20}', to: /b}]}} | too large a pattern",
                "sites: {a: {root: /a, rules: [{match: 'a{900}b{900}c{900}', to: /b}]}} | too large a pattern",
                "sites: {a: {root: /a, rules: [{match: a, to: 'https://x'}]}} | not a path of this site",
                "sites: {a: {root: /a, rules: [{match: a, to: /$1}]}} | not a target",
                "sites: {a: {hosts: [x], root: /a, rules: [{match: a, status: 404, hosts: [y]}]}} | a rule for y, which is no host of the site",
                "sites: {a: {hosts: ['*.x'], root: /a, rules: [{match: a, status: 404, hosts: ['*.x']}]}} | a rule for *.x would never hold",
                "sites: {a: {root: /a, paths: {'*/x/': {root: /b}}}} | another root for paths that are no folder",
                "sites: {a: {root: /a, reserved: 5, concurrency: 2}} | correct one of them",
                "sites: {a: {root: /a, headers: {X-A: \"b\\r\\nc\"}}} | not the value of a field",
            })
    void aMistakeIsOneLineThatSaysWhatToDo(String text, String problem) {
        String message =
                assertThrows(ConfigurationProblem.class, () -> read(text)).getMessage();
        assertTrue(message.contains(problem), message);
        assertTrue(message.startsWith("functions.yaml"), message);
        assertEquals(1, message.lines().count(), message);
    }
}
