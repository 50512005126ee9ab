package dev.relais.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the program is called for an import, and what it ends with. */
class ImportModeTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private int run(String... arguments) {
        return ImportMode.run(List.of(arguments), new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    private String problem(String... arguments) {
        String message =
                assertThrows(ConfigurationProblem.class, () -> run(arguments)).getMessage();
        assertEquals(1, message.lines().count(), message);
        assertEquals("", out.toString(StandardCharsets.UTF_8));
        return message;
    }

    @Test
    void theExitCodeTellsWhetherSomethingThatGuardsIsGone() throws IOException {
        Path file = folder.resolve("x");
        Files.writeString(file, "server { server_name x.example; root /srv/x; sub_filter a b; }");
        assertEquals(0, run("nginx", file.toString()));
        assertTrue(out.toString(StandardCharsets.UTF_8)
                .contains("# not carried over: x:1: sub_filter a b: there is no key for it\n"));
        Files.writeString(file, "server { server_name x.example; root /srv/x; auth_basic a; }");
        assertEquals(1, run("nginx", file.toString()));
    }

    @Test
    void whatCannotBeReadIsToldInOneLine() throws IOException {
        assertTrue(problem().startsWith("import=: takes a server and a file;"));
        assertTrue(problem("nginx").startsWith("import=nginx: takes a server and a file;"));
        assertTrue(problem("lighttpd", "x").startsWith("import=lighttpd: is not known here;"));
        assertTrue(problem("nginx", folder.resolve("none").toString())
                .endsWith("none: is not there; name a file of configuration"));
        assertTrue(problem("nginx", folder.toString()).contains("is a folder"));
        assertTrue(problem("nginx", "/dev/zero").contains("MiB"));
        assertTrue(problem("nginx", "a\0b").contains("no file can have this name"));
        Path binary = Files.write(folder.resolve("binary"), new byte[] {127, 'E', 'L', 'F', 0, 1});
        assertTrue(problem("nginx", binary.toString()).contains("is no text"));
    }

    /** Whatever is in a file, its import ends soon, with sites or with one line. */
    @Test
    void hostileFilesAreReadOrRefusedInOneLine() throws IOException {
        String[] texts = {
            "",
            "}",
            "{",
            "{{{{",
            "\uFEFF\r\n",
            "a",
            "\"",
            "'",
            "`",
            "<",
            "</a>",
            "<a",
            "<a>",
            "[",
            "[1,",
            "{\"listeners\": 3}",
            "null",
            "\\",
            "{\"listeners\": {\"*:1\": {\"pass\": \"routes\"}}, \"routes\": [{\"action\": {\"pass\": \"routes\"}}]}",
            "{\"listeners\": {\"*:1\": {\"pass\": \"applications/x\"}}}",
            "[".repeat(10_000),
            "<IfModule a>\n".repeat(100),
            "a {\n".repeat(100),
            "RewriteRule",
            "RewriteCond",
            "RewriteRule ( x [F]",
            "RewriteRule (a+)+$ - [F]",
            "Redirect",
            "Header",
            "Header set",
            "Options",
            "<Files>\n</Files>",
            "<Directory>\n</Directory>",
            "SetEnv",
            "AddType",
            "ExpiresDefault A99999999999999999999",
            "import x",
            "x {\n import y\n}",
            "(a) {\n import a\n}\nx {\n import a\n}",
            "x {\n redir\n rewrite\n header\n respond\n php_server {\n env\n index\n }\n @a\n file_server {\n hide\n }\n}",
            "server { location { } location = { } listen; return; rewrite; if; add_header; expires; try_files; root; fastcgi_param; index; error_page; alias; }",
            "server { location ~ ( { deny all; } location ~ [ { return 404; } rewrite ( /x; if ($uri ~ () { return 403; } }",
            "x".repeat(1 << 20),
            ("x ".repeat(10) + "\n").repeat(40_000),
            "a".repeat(100) + "\n{".repeat(1000)
        };
        for (String text : texts) {
            Path file = Files.writeString(folder.resolve("x"), text);
            for (String server : List.of("nginx", "apache", "unit", "caddy")) {
                out.reset();
                try {
                    int code = run(server, file.toString());
                    assertTrue(code == 0 || code == 1, server);
                    assertTrue(out.toString(StandardCharsets.UTF_8).contains("sites:"), server);
                } catch (ConfigurationProblem e) {
                    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
                    assertTrue(
                            e.getMessage().startsWith("import " + server + "=")
                                    && e.getMessage().length() < 600,
                            e.getMessage());
                }
            }
        }
    }

    /** Configurations in which something is missing, doubled or replaced by a sign that means something. */
    @Test
    void damagedConfigurationsAreReadOrRefusedInOneLine() throws IOException {
        Random random = new Random(16);
        for (Path file : DocumentedConfigurationsTest.configurations().toList()) {
            String server = DocumentedConfigurationsTest.FOLDER
                    .relativize(file)
                    .getName(0)
                    .toString();
            String text = Files.readString(file);
            for (int i = 0; i < 40; i++) {
                StringBuilder damaged = new StringBuilder(text);
                for (int j = 0; j < 3; j++) {
                    int at = random.nextInt(damaged.length());
                    int end = Math.min(damaged.length(), at + random.nextInt(12));
                    String[] signs = {
                        "",
                        "(",
                        ")",
                        "{",
                        "}",
                        "$",
                        "*",
                        "\\",
                        "|",
                        "^",
                        "/",
                        "\"",
                        "?",
                        "%",
                        "[",
                        damaged.substring(at, end) + damaged.substring(at, end)
                    };
                    damaged.replace(at, end, signs[random.nextInt(signs.length)]);
                }
                try {
                    run(server, Files.writeString(folder.resolve("x"), damaged).toString());
                } catch (ConfigurationProblem e) {
                    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
                } catch (RuntimeException e) {
                    throw new AssertionError(server + ":\n" + damaged, e);
                }
            }
        }
    }

    @Test
    void anEmptyFileHasNoSite() throws IOException {
        assertEquals(
                0,
                run(
                        "nginx",
                        Files.writeString(folder.resolve("x"), "\n# nothing\n").toString()));
        assertTrue(out.toString(StandardCharsets.UTF_8).endsWith("# No site was found.\nsites: {}\n"));
    }
}
