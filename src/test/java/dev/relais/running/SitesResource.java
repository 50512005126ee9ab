package dev.relais.running;

import dev.relais.testing.Certificate;
import dev.relais.testing.Side;
import dev.relais.testing.TestFunctions;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** A gateway with sites: the one that the table of inputs is about, one for each of other things, and the functions. */
public class SitesResource implements QuarkusTestResourceLifecycleManager {
    /** Tells what it sees. */
    static final String SCRIPT =
            "<?php header('Content-Type: application/json'); header('X-Powered-By: PHP'); echo json_encode($_SERVER);\n";

    /** Tells its settings, and counts the requests of a session. */
    static final String SETTINGS = """
            <?php
            session_start();
            $_SESSION['count'] = ($_SESSION['count'] ?? 0) + 1;
            header('Content-Type: application/json');
            echo json_encode([
                'memory' => ini_get('memory_limit'),
                'basedir' => ini_get('open_basedir'),
                'sessions' => session_save_path(),
                'cookie' => session_get_cookie_params()['path'],
                'count' => $_SESSION['count'],
                'foreign' => @file_get_contents($_GET['read'] ?? '/nothing'),
            ]);
            """;

    /** Compressible. */
    static final String TEXT = "var answer = 42; // and the question\n".repeat(100);

    /** Begins a session with a cookie as applications want theirs. */
    static final String COOKIE = """
            <?php
            session_set_cookie_params(['path' => '/', 'httponly' => true, 'samesite' => 'Strict']);
            session_start();
            """;

    /** What must never be sent. */
    static final String SECRET = "<?php echo 'secret';\n";

    private static final String SITES = """
            sites:
              table:
                hosts: [site.example, www.site.example, "*.wild.example"]
                root: BASE/table
                deny: [data/]
                paths:
                  uploads/: {scripts: none}
              full:
                hosts: [full.example]
                root: BASE/current
                fallback: /index.php{path}
                missing-scripts: fallback
                allow-symlinks-to: [BASE/outside]
                headers: {X-Frame-Options: DENY, X-Powered-By: null}
                expires: 30d
                types: {mjs: text/javascript}
                variables: {APP_ENV: test, SERVER_SOFTWARE: site}
                precompressed: [br, gzip]
                compress: off
                rules:
                  - {match: '^/old/(.*)$', to: /new/$1, status: 301}
                  - {match: '^/media/(.*)$', to: "/info.php?media=$1"}
                  - {match: '^/gone', status: 410}
                  - {match: '^/secret', status: 403}
                  - {match: ^, to: "https://full.example{uri}", status: 308, hosts: [full.example], when: missing}
                paths:
                  "*.mjs": {expires: 1y immutable, headers: {X-Own: "1"}}
              mounted:
                hosts: [full.example]
                mount: /blog
                root: BASE/table
              cloud:
                hosts: [cloud.example]
                root: BASE/table
                fallback: /index.php{path}
              prefix:
                hosts: [prefix.example]
                mount: /blog
                root: BASE/blog
              one:
                hosts: [one.example]
                root: BASE/one
                php: {memory_limit: 99M, open_basedir: "BASE/one:BASE/state/one"}
              two:
                hosts: [two.example]
                mount: /two
                root: BASE/two
                php: {memory_limit: 77M}
              pages:
                hosts: [pages.example]
                root: BASE/table
                fallback: 404
                error-pages: {404: /info.php, 403: /s.css}
                rules: [{match: '^/closed', status: 403}]
                paths:
                  stored/: {root: BASE/outside, internal: true}
              errors:
                hosts: [errors.example]
                root: BASE/errors
                methods: [GET, HEAD, POST, PUT]
                max-body-size: 10
                fallback: 404
                headers: {X-Site: "yes"}
                error-pages: {405: /info.php, 403: /s.css}
                paths:
                  "*.txt": {headers: {X-Text: "yes"}}
                  sleep.php: {timeout: 1s}
                  stored/: {root: BASE/outside, internal: true, headers: {X-Stored: "yes"}, expires: 1d, types: {txt: text/x-stored}}
              static:
                hosts: [localhost]
                functions: true
                root: BASE/static
                paths:
                  plain/: {compress: off}
                  gzip/: {compress: [gzip]}
                  fixed/: {headers: {Cache-Control: "max-age=1, no-transform"}}
                  origin/: {headers: {Vary: Origin}}
                  "*.js": {expires: 1h}
              down:
                hosts: [down.example]
                root: BASE/table
                maintenance: true
              closed:
                hosts: [closed.example]
                root: BASE/table
                allow-from: [127.0.0.2]
                max-body-size: 10
              redirect:
                hosts: [www.full.example]
                rules: [{match: ^, to: "https://full.example{uri}", status: 301}]
              parameter:
                hosts: [wiki.example]
                root: BASE/table
                fallback: /info.php?id={path}
                functions: true
            """;

    private TestFunctions functions;
    private Path base;

    @Override
    public Map<String, String> start() {
        try {
            functions = TestFunctions.all();
            base = Files.createTempDirectory("relais-sites").toRealPath();
            Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxr-xr-x"));
            table(base.resolve("table"));
            for (String script : new String[] {"index.php", "admin/index.php"}) {
                write(base.resolve("blog").resolve(script), SCRIPT);
            }
            write(base.resolve("blog/s.css"), "body {}\n");
            write(base.resolve("one/index.php"), SETTINGS);
            errors(base.resolve("errors"));
            files(base.resolve("static"));
            write(base.resolve("two/index.php"), SETTINGS);
            write(base.resolve("one/cookie.php"), COOKIE);
            write(base.resolve("two/cookie.php"), COOKIE);
            full();
            Path settings = functions.directory().resolve("functions.yaml");
            Files.writeString(settings, Files.readString(settings) + SITES.replace("BASE", base.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> settings = new HashMap<>(Certificate.settings());
        settings.put("relais.functions.directory", functions.directory().toString());
        settings.put("relais.test.sites", base.toString());
        settings.put("relais.sites.state-directory", base.resolve("state").toString());
        return settings;
    }

    private void table(Path root) throws IOException {
        for (String script : new String[] {"index.php", "info.php", "admin/index.php"}) {
            write(root.resolve(script), SCRIPT);
        }
        for (String secret : new String[] {
            "uploads/x.jpg",
            "uploads/evil.php",
            "uploads/Evil.PHP",
            "data/x",
            ".htaccess",
            ".git/HEAD",
            ".user.ini",
            "config.php~",
            "x.php.bak",
            ".x.php.swp",
            "dump.sql",
            "composer.lock",
            "a/.svn/x"
        }) {
            write(root.resolve(secret), SECRET);
        }
        write(root.resolve("accel.php"), "<?php header('X-Accel-Redirect: /stored/' . $_GET['name']);\n");
        write(root.resolve("s.css"), "body {}\n");
        write(root.resolve(".well-known/acme-challenge/t"), "token\n");
        write(base.resolve("outside/secret.txt"), SECRET);
        write(base.resolve("outside/shared.txt"), "shared\n");
        write(base.resolve("outside/hidden.php"), SECRET);
        Files.createSymbolicLink(root.resolve("link.txt"), base.resolve("outside/secret.txt"));
        Files.createSymbolicLink(root.resolve("linked"), base.resolve("outside"));
    }

    private void errors(Path root) throws IOException {
        write(root.resolve("info.php"), SCRIPT);
        write(root.resolve("s.css"), "body {}\n");
        write(root.resolve("sleep.php"), "<?php sleep(20);\n");
        write(root.resolve("end.php"), "<?php posix_kill(getmypid(), 9); sleep(20);\n");
        write(root.resolve("accel.php"), "<?php header('X-Accel-Redirect: /stored/' . $_GET['name']);\n");
        write(base.resolve("elsewhere/secret.txt"), SECRET);
        write(base.resolve("elsewhere/hidden.php"), SECRET);
        Files.createSymbolicLink(root.resolve("link.txt"), base.resolve("elsewhere/secret.txt"));
        Files.createSymbolicLink(root.resolve("link.php"), base.resolve("elsewhere/hidden.php"));
    }

    private void files(Path root) throws IOException {
        for (String folder : new String[] {"", "plain/", "gzip/", "fixed/", "origin/"}) {
            write(root.resolve(folder + "text.js"), TEXT);
        }
        write(root.resolve("large.css"), TEXT.repeat(40));
        write(root.resolve("small.css"), "p {}\n");
        write(root.resolve("text.png"), TEXT);
        write(root.resolve("index.html"), TEXT);
        byte[] random = new byte[3_000];
        new Random(5).nextBytes(random);
        Files.write(root.resolve("random.txt"), random);
    }

    private void full() throws IOException {
        Path root = base.resolve("releases/1");
        write(root.resolve("index.php"), SCRIPT);
        write(root.resolve("info.php"), SCRIPT);
        write(root.resolve("s.css"), "body {}\n");
        write(root.resolve("app.mjs"), "export {}\n");
        Path plain = write(root.resolve("big.js"), "x".repeat(3_000));
        Path coded = root.resolve("big.js.gz");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write("y".repeat(3_000).getBytes(StandardCharsets.US_ASCII));
        }
        Files.write(coded, bytes.toByteArray());
        write(root.resolve("late.js"), "x".repeat(3_000));
        Files.write(root.resolve("late.js.gz"), bytes.toByteArray());
        Files.setLastModifiedTime(
                root.resolve("late.js.gz"), FileTime.from(Instant.now().minusSeconds(7_200)));
        Files.setLastModifiedTime(plain, FileTime.from(Instant.now().minusSeconds(7_200)));
        Files.createSymbolicLink(root.resolve("shared.txt"), base.resolve("outside/shared.txt"));
        Files.createSymbolicLink(root.resolve("pic.png"), base.resolve("outside/hidden.php"));
        Files.createSymbolicLink(base.resolve("current"), root);
    }

    static Path write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
    }

    @Override
    public void stop() {
        try {
            functions.close();
            Side.delete(base);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
