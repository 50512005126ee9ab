package dev.relais.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.configuration.ValueForm.Choice;
import dev.relais.configuration.ValueForm.Decimal;
import dev.relais.configuration.ValueForm.Size;
import dev.relais.configuration.ValueForm.Time;
import dev.relais.configuration.ValueForm.Truth;
import dev.relais.configuration.ValueForm.Whole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys of {@code keys.txt} are those of the documentation, whose tables are generated from the code. */
class KnownKeysTest {
    private static final Path PAGE = Path.of("src/docs/configuration.md");
    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| ([^|]+) \\| ([^|]+) \\|.*");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    private final KnownKeys keys = KnownKeys.read();

    /** What a table says of a key of Relais. */
    private static String told(String type, String byDefault) {
        List<String> words =
                QUOTED.matcher(type).results().map(quoted -> quoted.group(1)).toList();
        String form = type.equals("`true` or `false`")
                ? "boolean"
                : type.startsWith("list of `")
                        ? "list " + String.join("|", words)
                        : !words.isEmpty()
                                ? String.join("|", words)
                                : type.equals("duration") ? "time" : type.matches("size|number") ? type : "text";
        return form + (byDefault.startsWith("`") ? "" : "?");
    }

    /** What the file says of a key. */
    private static String known(KnownKeys.Key key) {
        ValueForm form = key.form();
        String name = form instanceof Time
                ? "time"
                : form instanceof Size
                        ? "size"
                        : form instanceof Whole || form instanceof Decimal
                                ? "number"
                                : form instanceof Truth
                                        ? "boolean"
                                        : form instanceof Choice choice
                                                ? (choice.several() ? "list " : "") + String.join("|", choice.words())
                                                : "text";
        return name + (key.optional() ? "?" : "");
    }

    @Test
    void theFileHasEachKeyOfTheTableInItsForm() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        for (String line : Files.readAllLines(PAGE)) {
            Matcher row = ROW.matcher(line);
            if (row.matches() && row.group(1).startsWith("relais.")) {
                String name = row.group(1).replace(".\"<name>\"", ".*");
                String byDefault =
                        row.group(3).startsWith("`$") ? "none" : row.group(3); // a variable that may be unset
                String told = told(row.group(2), byDefault);
                // These have a default that no annotation says.
                documented.put(
                        name,
                        name.equals("relais.workers.user") || name.equals("relais.workers.keep-after-body")
                                ? told.replace("?", "") + "?"
                                : told);
            }
        }
        Map<String, String> inFile = new TreeMap<>();
        keys.all().forEach((name, key) -> {
            if (name.startsWith("relais.")) {
                inFile.put(name, known(key));
            }
        });
        assertEquals(documented, inFile);
    }

    @Test
    void theFileHasEachKeyOfQuarkusThatThePageNames() throws IOException {
        List<String> missing = Files.readAllLines(PAGE).stream()
                .map(ROW_OF_QUARKUS::matcher)
                .filter(Matcher::matches)
                .map(Matcher::toMatchResult)
                .map((MatchResult row) -> row.group(1))
                .filter(name -> !keys.covers(name))
                .toList();
        assertEquals(List.of(), missing);
    }

    private static final Pattern ROW_OF_QUARKUS = Pattern.compile("\\| `(quarkus\\.[^`]+)` \\|.*");

    @ParameterizedTest
    @CsvSource({
        "relais.http.idle-timout,      relais.http.idle-timeout",
        "relais.http.idleTimeout,      relais.http.idle-timeout",
        "relais.http.idle_timeout,     relais.http.idle-timeout",
        "relais.worker.count,          relais.workers.count",
        "relais.htp.load-report,       relais.http.load-report",
        "relais.max-wait,              relais.queue.max-wait",
        "relais.functions.children,    relais.workers.children",
        "relais.gibberish.nonsense,    ",
    })
    void aMistypedKeyIsLikeTheOneThatIsMeant(String mistyped, String meant) {
        assertFalse(keys.covers(mistyped));
        assertEquals(meant, keys.like(mistyped));
    }

    @Test
    void keysWithNamesOfTheUsersOwnAreKnownByTheirBeginning() {
        assertTrue(keys.covers("relais.workers.php-settings.\"memory_limit\""));
        assertTrue(keys.covers("relais.http.accel-redirects.\"/protected/\""));
        assertTrue(keys.covers("relais.http.compression[0]"));
        assertFalse(keys.covers("relais.workers.php-setting.\"memory_limit\""));
    }

    @Test
    void aVariableIsKnownByTheKeyThatItSets() {
        assertTrue(keys.coversVariable("RELAIS_HTTP_IDLE_TIMEOUT"));
        assertTrue(keys.coversVariable("RELAIS_WORKERS_PHP_SETTINGS__MEMORY_LIMIT_"));
        assertTrue(keys.coversVariable("RELAIS_HTTP_COMPRESSION_0_"));
        assertFalse(keys.coversVariable("RELAIS_HTTP_IDLE_TIMOUT"));
        assertEquals("RELAIS_HTTP_IDLE_TIMEOUT", keys.likeVariable("RELAIS_HTTP_IDLE_TIMOUT"));
    }

    /** What Kubernetes puts into each container of a namespace with a Service of this name. */
    @Test
    void variablesOfAClustersServiceAreLikeNoKey() {
        for (String name : List.of(
                "RELAIS_SERVICE_HOST",
                "RELAIS_SERVICE_PORT",
                "RELAIS_SERVICE_PORT_HTTP",
                "RELAIS_PORT",
                "RELAIS_PORT_8080_TCP",
                "RELAIS_PORT_8080_TCP_ADDR",
                "RELAIS_PORT_8080_TCP_PORT",
                "RELAIS_PORT_8080_TCP_PROTO")) {
            assertFalse(keys.coversVariable(name));
            assertNull(keys.likeVariable(name), name);
        }
    }
}
