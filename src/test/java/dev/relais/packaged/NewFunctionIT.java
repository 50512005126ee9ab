package dev.relais.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mode new of the packaged program. */
class NewFunctionIT {
    @TempDir
    Path temporary;

    @BeforeEach
    void openForPhp() throws IOException {
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void whatItMakesIsServedAndMadeOnlyOnce() throws Exception {
        ProgramRun made = ProgramRun.in(temporary, "new", "greetings/hello");
        assertEquals(0, made.exit(), made.toString());
        assertEquals("""
                made functions/greetings/hello.php, which answers at /api/greetings/hello
                made functions/greetings/hello.hurl, its test, which relais test runs
                """, made.out());
        assertEquals("", made.err());

        ProgramRun again = ProgramRun.in(temporary, "new", "greetings/hello");
        assertEquals(1, again.exit(), again.toString());
        assertEquals("", again.out());
        assertEquals(
                "relais: new=greetings/hello: functions/greetings/hello.php is there already; choose another name\n",
                again.err());

        try (PackagedGateway gateway = PackagedGateway.start(temporary.resolve("functions"), Map.of())
                        .ready();
                RawClient client = RawClient.connect(gateway.port)) {
            String text = client.get("/api/greetings/hello?name=Ada").answer().text();
            assertEquals("{\"message\":\"Hello, Ada!\"}", text);
        }
    }

    /** A configuration that would keep the gateway from its start does not matter. */
    @Test
    void itNeedsNoPhp() throws Exception {
        ProgramRun made = ProgramRun.in(
                temporary, "-Drelais.workers.php-fpm=/bin/true", "-Drelais.functions.directory=here", "new", "hello");
        assertEquals(0, made.exit(), made.toString());
        assertTrue(Files.isRegularFile(temporary.resolve("here/hello.php")));
    }

    @Test
    void withoutANameItTellsHowItIsCalled() throws Exception {
        ProgramRun run = ProgramRun.in(temporary, "new");
        assertEquals(1, run.exit(), run.toString());
        assertEquals("relais: new=: takes one name; write it like new hello\n", run.err());
    }
}
