package dev.relais.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mode test of the packaged program. */
class FunctionTestsIT {
    @TempDir
    Path temporary;

    /** The examples of the repository are tested by their own files. The repository may lie where PHP cannot read it, as on a CI server. */
    @Test
    void theExamplesPass() throws Exception {
        Path report = temporary.resolve("out/functions.xml");
        Path examples = Path.of("src/main/php").toAbsolutePath();
        ProgramRun run =
                ProgramRun.in(temporary, "-Xmx128m", "test", examples.toString(), "--junit", report.toString());
        assertEquals(0, run.exit(), run.toString());
        assertTrue(run.out().contains("ok    hello.hurl: greets by name ("), run.out());
        assertTrue(run.out().endsWith(" 0 failed\n"), run.out());
        assertEquals("", run.err());
        assertTrue(Files.readString(report).contains("<testsuite name=\"reports/daily.hurl\""));
    }

    @Test
    void oneThatFailsIsToldOfWithWhatPhpSays() throws Exception {
        Path functions = PackagedGateway.functions(Map.of(
                "broken.php", "<?php throw new LogicException('not today');",
                "broken.hurl", "# works\nGET {{host}}/api/broken\n\nHTTP 200\n"));
        ProgramRun run = ProgramRun.in(temporary, "-Xmx128m", "test", functions.toString());
        assertEquals(1, run.exit(), run.toString());
        assertTrue(run.out().contains("FAIL  broken.hurl: works ("), run.out());
        assertTrue(run.out().contains("      line 4: HTTP 200: status is 500"), run.out());
        assertTrue(run.out().endsWith("1 tests: 0 passed, 1 failed\n"), run.out());
        assertTrue(run.err().contains("not today"), run.err());
    }

    @Test
    void whatCannotBeRunHasAnExitCodeOfItsOwn() throws Exception {
        Path none = PackagedGateway.functions(Map.of("hello.php", "<?php echo 'hello';"));
        ProgramRun run = ProgramRun.in(temporary, "-Xmx128m", "test", none.toString());
        assertEquals(2, run.exit(), run.toString());
        assertTrue(run.err().contains("has no file *.hurl"), run.err());

        ProgramRun words = ProgramRun.in(temporary, "test", "--fast");
        assertEquals(2, words.exit(), words.toString());
        assertTrue(words.err().startsWith("relais: test=--fast: takes a folder"), words.err());

        ProgramRun start = ProgramRun.in(temporary, "-Drelais.workers.count=none", "test", none.toString());
        assertEquals(2, start.exit(), start.toString());
        assertEquals(1, start.err().lines().count(), start.err());
    }
}
