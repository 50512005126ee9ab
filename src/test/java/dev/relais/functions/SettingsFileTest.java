package dev.relais.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import dev.relais.admission.Limits;
import dev.relais.sites.Glob;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsFileTest {
    private static final FunctionSettings DEFAULTS = FunctionSettings.defaults(60_000);

    @TempDir
    Path directory;

    @Test
    void settingsAreReadByFunction() throws IOException {
        Settings settings = read("""
            functions:
              reports/daily:
                timeout: 2s
                methods: [GET, POST]
              hello: {methods: ["POST"]}
              plain:
            """);

        assertEquals(2_000, settings.of("reports/daily").timeoutMillis());
        assertEquals("GET, HEAD, POST", settings.of("reports/daily").allow());
        assertEquals(60_000, settings.of("hello").timeoutMillis());
        assertEquals(Set.of("POST"), settings.of("hello").methods());
        assertEquals(DEFAULTS, settings.of("plain"));
        assertSame(DEFAULTS, settings.of("other"));
    }

    @Test
    void aFunctionsShareOfTheChildrenIsRead() throws IOException {
        Limits limits = read("functions: {f: {concurrency: 6, reserved: 2, priority: 9, queue: 0}}")
                .of("f")
                .limits();

        assertEquals(new Limits(6, 2, 9, 0), limits);
        assertEquals(Limits.NONE, DEFAULTS.limits());
    }

    @Test
    void whatBecomesOfItWhenItsClientHangsUpIsRead() throws IOException {
        assertEquals(
                OnAbort.END, read("functions: {f: {on-abort: end}}").of("f").onAbort());
        assertEquals(OnAbort.DEFAULT, DEFAULTS.onAbort());
        assertRefused(
                "functions: {f: {on-abort: kill}}",
                "on-abort=kill: not what can be done; write default, finish or end");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "concurrency: 0             | concurrency=0: not a whole number from 1 to 1000000",
                "concurrency: many          | concurrency=many: not a whole number",
                "priority: 10               | priority=10: not a whole number from 0 to 9",
                "queue: -1                  | queue=-1: not a whole number from 0",
                "{concurrency: 1, reserved: 2} | reserved=2 is more than concurrency=1",
                "reserved: 8                | reserved=8 in all: one child at least must be left for the others;"
                        + " reserve 7 at most",
            })
    void aShareThatCannotBeIsRefusedWithTheRemedy(String text, String message) {
        String keys = text.startsWith("{") ? text : "{" + text + "}";
        assertRefused("functions:\n  hello: " + keys + "\n", message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing yet\n", "---\n", "functions:\n", "functions: {}", "\uFEFFfunctions:\n"})
    void aFileThatSaysNothingMeansDefaults(String text) throws IOException {
        assertSame(DEFAULTS, read(text).of("hello"));
    }

    @ParameterizedTest
    @CsvSource({"300ms,300", "2s,2000", "1m,60000", "'\"2h\"',7200000"})
    void durationsAreReadWithTheirUnit(String text, long millis) throws IOException {
        assertEquals(
                millis, read("functions: {f: {timeout: " + text + "}}").of("f").timeoutMillis());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2      | line 3: functions.hello.timeout=2: a duration needs a unit; write 2s or 2ms",
                "2.5s   | timeout=2.5s: not a duration; write it like 300ms, 2s or 1m",
                "-2s    | timeout=-2s: not a duration",
                "2 s    | timeout=2 s: not a duration",
                "2S     | timeout=2S: not a duration",
                "PT2S   | timeout=PT2S: not a duration",
                "0s     | timeout=0s: no time at all; write at least 1ms",
                "[2s]   | timeout=[...]: not a duration",
                "null   | timeout=null: not a duration",
                "99999999999999s | not a duration",
            })
    void aDurationThatIsNoneIsRefusedWithTheRemedy(String text, String message) {
        assertRefused("functions:\n  hello:\n    timeout: " + text + "\n", message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET       | methods=GET: not a list of 1 to 32 HTTP methods; write it like [GET, POST]",
                "[]        | methods=[...]: not a list of 1 to 32 HTTP methods",
                "[get]     | methods=get: not an HTTP method; write it in upper case, like GET",
                "['G T']   | methods=G T: not an HTTP method",
                "['A,B']   | methods=A,B: not an HTTP method",
                "[{a: b}]  | methods={...}: not an HTTP method",
            })
    void methodsThatAreNoneAreRefusedWithTheRemedy(String text, String message) {
        assertRefused("functions:\n  hello:\n    methods: " + text + "\n", message);
    }

    @Test
    void anApplicationSaysWhatIsDeniedAndWhereItsLinksLead() throws IOException {
        FunctionSettings wiki = read("""
            functions:
              wiki:
                application: true
                deny: [data/, install.php, "*.txt", ./conf//]
                allow-symlinks-to: [/usr/share/dokuwiki]
              other: {application: false}
            """).of("wiki");

        assertTrue(wiki.application());
        assertEquals(
                List.of("data/", "install.php", "*.txt", "conf/"),
                wiki.deny().globs().stream().map(Glob::toString).toList());
        assertEquals(List.of(Path.of("/usr/share/dokuwiki")), wiki.allowSymlinksTo());
        assertFalse(DEFAULTS.application());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application: yes         | application=yes: neither true nor false; write true or false",
                "application: [true]      | application=[...]: neither true nor false",
                "deny: data/              | deny=data/: not a list of 1 to 100 paths in the folder; write it like"
                        + " [data/, conf/]",
                "deny: [/data/]           | deny=/data/: not a pattern of paths in the folder; write data/ for a folder",
                "deny: ['*']              | deny=*: not a pattern of paths in the folder",
                "deny: ['./']             | deny=./: not a pattern of paths in the folder",
                "deny: ['a/../b']         | deny=a/../b: not a pattern of paths in the folder",
                "deny: [x]                | functions.wiki={...}: deny without application; add application: true",
                "deny: ['**']             | deny=**: not a pattern of paths in the folder",
                "allow-symlinks-to: [usr] | allow-symlinks-to=usr: not an absolute path; write the whole path of a"
                        + " folder",
                "allow-symlinks-to: /usr  | allow-symlinks-to=/usr: not a list of 1 to 100 folders",
            })
    void anApplicationsKeysAreRefusedWithTheRemedy(String line, String message) {
        assertRefused("functions:\n  wiki:\n    " + line + "\n", message);
    }

    @Test
    void anUnknownKeyIsRefusedWithItsLine() {
        assertRefused(
                "functions:\n  hello:\n    timeout: 2s\n    timeuot: 2s\n",
                "functions.yaml line 4: functions.hello.timeuot=2s: unknown key; write timeout; the keys of a function are timeout,"
                        + " methods, application, deny, allow-symlinks-to, concurrency, reserved, priority, queue,"
                        + " idempotent, on-abort");
        assertRefused(
                "function:\n  hello:\n",
                "line 1: function={...}: unknown key; write functions; the keys of this file are functions, sites");
        assertRefused("functions: {a: {<<: {timeout: 2s}}}", "functions.a.<<={...}: unknown key");
    }

    @Test
    void aKeyThatIsThereTwiceIsRefused() {
        assertRefused("functions:\n  a:\n  a:\n", "line 3: functions.a=: this key is there twice; remove one");
        assertRefused("functions: {a: {timeout: 1s, timeout: 2s}}", "functions.a.timeout=2s: this key is there twice");
    }

    @Test
    void aWrongShapeIsRefused() {
        assertRefused("[a, b]", "not a map of keys and values");
        assertRefused("functions: hello", "functions=hello: not a map of keys and values");
        assertRefused("functions: {a: 2s}", "functions.a=2s: not a map of keys and values");
        assertRefused("functions: {[a]: {}}", "not a key");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "functions: {a",
                "functions:\n\ta: {}",
                "functions: {}\n---\nfunctions: {}",
                "functions: [[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]",
                "functions: *nowhere"
            })
    void whatIsNoYamlIsRefusedInOneLine(String text) {
        assertRefused(text, "not YAML");
    }

    @Test
    void aFileThatBuildsObjectsOrBombsBuildsNothing() {
        assertRefused("functions: !!javax.script.ScriptEngineManager [a]", "not YAML: Global tag is not allowed");
        StringBuilder bomb = new StringBuilder("a0: &a0 [x]\n");
        for (int i = 1; i < 30; i++) {
            bomb.append("a%d: &a%d [%s*a%d]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9), i - 1));
        }
        assertRefused(bomb.toString(), "not YAML");
    }

    @Test
    void aRecursiveFileIsRefused() {
        assertRefused("functions: &f\n  a: *f\n", "functions.a.a");
    }

    @Test
    void aFileOverFourMebibytesOrNotUtf8IsRefused() throws IOException {
        assertRefused("#" + "x".repeat(4 << 20), "larger than 4 MiB");
        Path file = Files.write(
                directory.resolve("latin1.yaml"), "functions: {größe: }".getBytes(StandardCharsets.ISO_8859_1));
        ConfigurationProblem problem =
                assertThrows(ConfigurationProblem.class, () -> SettingsFile.read(file, "functions.yaml", DEFAULTS, 7));
        assertTrue(problem.getMessage().contains("not UTF-8"), problem.getMessage());
    }

    private Settings read(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("functions.yaml"), text);
        return SettingsFile.read(file, "/srv/php/functions.yaml", DEFAULTS, 7);
    }

    private void assertRefused(String text, String part) {
        ConfigurationProblem problem = assertThrows(ConfigurationProblem.class, () -> read(text));
        assertTrue(problem.getMessage().contains(part), problem.getMessage());
        assertTrue(problem.getMessage().startsWith("/srv/php/functions.yaml"), problem.getMessage());
        assertFalse(problem.getMessage().contains("\n"), problem.getMessage());
    }
}
