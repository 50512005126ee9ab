package dev.relais.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mode import of the packaged program. */
class ImportIT {
    @TempDir
    Path temporary;

    @Test
    void itPrintsTheSitesAloneAndStartsNothing() throws Exception {
        Path file = Path.of("src/test/resources/dev/relais/migration/nginx/laravel.conf")
                .toAbsolutePath();
        ProgramRun run =
                ProgramRun.in(temporary, "-Drelais.workers.php-fpm=/bin/none", "import", "nginx", file.toString());
        assertEquals(Files.readString(file.resolveSibling("laravel.yaml")), run.out());
        assertEquals("", run.err());
        assertEquals(0, run.exit());
    }

    @Test
    void theExitCodeTellsWhatIsMissing() throws Exception {
        Files.writeString(
                temporary.resolve("x.conf"),
                "server { server_name bücher.example; root /srv/x; auth_basic \"Grüße\"; }");
        ProgramRun run = ProgramRun.in(temporary, "import", "nginx", "x.conf");
        assertEquals(1, run.exit(), run.toString());
        assertTrue(run.out().contains("GUARDS SOMETHING: x.conf:1: auth_basic Grüße: "), run.out());

        ProgramRun none = ProgramRun.in(temporary, "import", "nginx", "y.conf");
        assertEquals(2, none.exit(), none.toString());
        assertEquals("", none.out());
        assertEquals(
                "relais: import nginx=" + temporary.resolve("y.conf")
                        + ": is not there; name a file of configuration\n",
                none.err());
    }
}
