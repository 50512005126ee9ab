package dev.relais.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The arguments of the packaged program. */
class ArgumentsIT {
    @TempDir
    Path temporary;

    @Test
    void helpIsGivenBehindAModeToo() throws Exception {
        ProgramRun help = ProgramRun.in(temporary, "test", "--help");
        assertEquals(0, help.exit(), help.toString());
        assertTrue(help.out().startsWith("usage: relais "), help.out());
        assertEquals("", help.err());
    }

    /** The launcher, which answers it by itself, sees its first word alone. */
    @Test
    void theVersionIsToldWithoutTheLauncherToo() throws Exception {
        ProgramRun version = ProgramRun.in(temporary, "-Drelais.workers.php-fpm=/bin/none", "--version");
        assertEquals(0, version.exit(), version.toString());
        String platform = PackagedGateway.isExecutable()
                ? "native executable"
                : "java " + System.getProperty("java.runtime.version") + " (" + System.getProperty("java.home")
                        + "/bin/java)";
        assertTrue(version.out().matches("relais [0-9]\\S+, " + Pattern.quote(platform) + "\n"), version.out());
        assertEquals("", version.err());
    }

    /** Else somebody who mistypes doctor starts a gateway. */
    @Test
    void anUnknownWordStartsNothing() throws Exception {
        ProgramRun run = ProgramRun.in(temporary, "docter");
        assertEquals(1, run.exit(), run.toString());
        assertEquals("", run.out());
        assertTrue(run.err().startsWith("relais: argument=docter: is none that Relais takes; "), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
    }

    @Test
    void aModesNameMayBeAFunctionsToo() throws Exception {
        ProgramRun made = ProgramRun.in(temporary, "new", "doctor");
        assertEquals(0, made.exit(), made.toString());
        assertTrue(made.out().startsWith("made functions/doctor.php, "), made.out());
        assertTrue(Files.isRegularFile(temporary.resolve("functions/doctor.php")));
    }
}
