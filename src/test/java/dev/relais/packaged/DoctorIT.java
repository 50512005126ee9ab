package dev.relais.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mode doctor of the packaged program, on the host that runs the tests. */
class DoctorIT {
    @TempDir
    Path temporary;

    private Path functions;

    @BeforeEach
    void functions() throws Exception {
        functions = PackagedGateway.functions(Map.of("hello.php", "<?php echo 'hello';"));
    }

    private ProgramRun examine(String... settings) throws Exception {
        List<String> words = new ArrayList<>();
        for (String setting : settings) {
            words.add("-D" + setting);
        }
        words.add("-Drelais.functions.directory=" + functions);
        words.add("doctor");
        return ProgramRun.in(temporary, words.toArray(String[]::new));
    }

    @Test
    void itTellsWhatIsAsWantedAndItsExitCodeWhetherAllIs() throws Exception {
        ProgramRun examined = examine();
        String last = examined.out().lines().reduce("", (before, line) -> line);
        assertTrue(last.matches("\\d+ checks: \\d+ ok, \\d+ warnings, 0 that make a start impossible"), examined.out());
        assertEquals(last.contains(" 0 warnings") ? 0 : 2, examined.exit(), examined.toString());
        for (String name :
                List.of("net.core.somaxconn: ", "memory: heap ", "php version: 8.", "open files: ", "spool: ")) {
            assertTrue(examined.out().contains(" " + name), () -> name + " is missing in " + examined.out());
        }
        assertEquals("", examined.err());
        assertFalse(examined.out().contains("__  ____"), "no banner");
    }

    @Test
    void whatWarnsHasItsConsequenceAndItsRemedy() throws Exception {
        ProgramRun examined = examine("quarkus.http.accept-backlog=1000000");
        assertEquals(2, examined.exit(), examined.toString());
        assertTrue(examined.out().startsWith("warning "), examined.out());
        assertTrue(examined.out().contains("remedy: sysctl -w net.core.somaxconn=1000000"), examined.out());
    }

    /** Nothing is started for it, though the port is taken and a key is out of its range. */
    @Test
    void whatMakesAStartImpossibleIsOneOfTheFindings() throws Exception {
        ProgramRun examined = examine("relais.http.max-connections=999999", "relais.workers.php-fpm=/bin/true");
        assertEquals(1, examined.exit(), examined.toString());
        assertTrue(examined.out().contains("impossible relais.http.max-connections: 999999"), examined.out());
        assertTrue(examined.out().contains("impossible relais.workers.php-fpm: /bin/true"), examined.out());
        assertTrue(examined.out().contains(" net.core.somaxconn: "), "the others are there, too: " + examined.out());
    }

    @Test
    void aPoolThatCannotBeStartedIsAFinding() throws Exception {
        Files.writeString(functions.resolve("functions.yaml"), "functions: {hello: {pool: {php-fpm: /none}}}");
        ProgramRun examined = examine();
        assertEquals(1, examined.exit(), examined.toString());
        assertTrue(
                examined.out().contains("impossible functions.yaml: functions.hello.pool.php-fpm: /none"),
                examined.out());
    }

    /** What a start tries before it starts the first process, the doctor tries, too, and leaves nothing of it. */
    @Test
    void whatAStartWouldFindOutByTryingIsAFinding() throws Exception {
        Files.writeString(functions.resolve("functions.yaml"), "functions: [");
        Path missing = temporary.resolve("missing");
        ProgramRun examined =
                examine("relais.http.spool-directory=" + missing, "relais.workers.run-directory=" + missing);
        assertEquals(1, examined.exit(), examined.toString());
        for (String key : List.of("relais.http.spool-directory", "relais.workers.run-directory")) {
            assertTrue(examined.out().contains("impossible " + key), () -> key + " is missing in " + examined);
        }
        assertTrue(
                examined.out().lines().anyMatch(line -> line.matches("impossible .*functions\\.yaml.*")),
                examined.out());
        assertTrue(examined.out().contains(" 3 that make a start impossible"), examined.out());
        assertTrue(examined.out().contains(" php version: 8."), "the others are there, too: " + examined);
    }

    @Test
    void whatAPartOfTheGatewayRefusesIsAFindingBesideTheOthers() throws Exception {
        ProgramRun examined = examine("relais.http.trusted-proxies=nowhere");
        assertEquals(1, examined.exit(), examined.toString());
        assertTrue(examined.out().contains("impossible relais.http.trusted-proxies: nowhere"), examined.toString());
        assertTrue(examined.out().contains(" php version: 8."), "the others are there, too: " + examined);
    }

    @Test
    void anUnknownKeyIsToldOfAsAtAStart() throws Exception {
        ProgramRun examined = examine("relais.workers.cout=2");
        assertEquals(1, examined.exit(), examined.toString());
        assertTrue(examined.err().contains("relais.workers.cout"), examined.err());
    }
}
