package dev.relais.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.relais.documentation.GeneratedTable;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a function can do that its author means to do harm with: each row of the table in src/docs/security.md is tried by a PHP script,
 * once where PHP runs as the gateway's user and once where it runs as another one.
 */
class MaliciousFunctionIT {
    private static final String HASHED = "sha256:" + "0".repeat(64) + "\n";
    private static final String SECRET = "a-secret-of-the-gateway";

    /** Each attempt, the PHP expression that is true when it succeeds, and, for some, one that an earlier request runs. */
    private static final List<String[]> ATTEMPTS = List.of(
            attempt("read the code of another function", "file_get_contents('other.php') !== false"),
            attempt(
                    "change the code of another function, in files of another user",
                    "@file_put_contents('other.php', 'x') !== false || @file_put_contents('new.php', 'x') !== false"),
            attempt(
                    "see in the opcache which scripts others have",
                    "isset(opcache_get_status()['scripts'][__DIR__ . '/other.php'])"),
            attempt(
                    "throw the code of another function out of the opcache",
                    "opcache_invalidate(__DIR__ . '/other.php', true)"),
            attempt(
                    "write into its own memory, and so into the opcache, from which others run",
                    "@fopen('/proc/self/mem', 'r+') !== false"),
            attempt(
                    "read and write the memory of another PHP process",
                    "@fopen(\"/proc/$sibling/mem\", 'r+') !== false"),
            attempt("end another PHP process of its worker", "posix_kill($sibling, 0)"),
            attempt("end the worker's master", "posix_kill(posix_getppid(), 0)"),
            attempt("end the gateway", "posix_kill($gateway, 0)"),
            attempt("read and write the gateway's memory", "@fopen(\"/proc/$gateway/mem\", 'r+') !== false"),
            attempt(
                    "read the gateway's environment",
                    "str_contains((string) @file_get_contents(\"/proc/$gateway/environ\"), $secret)"),
            attempt(
                    "find the gateway's environment in its own",
                    "getenv('SECRET') !== false || str_contains(@file_get_contents('/proc/self/environ') . serialize([$_ENV, $_SERVER]), $secret)"),
            attempt(
                    "find the gateway's environment in that of the worker's master",
                    "str_contains((string) @file_get_contents('/proc/' . posix_getppid() . '/environ'), $secret)"),
            attempt("read the gateway's command line", "@file_get_contents(\"/proc/$gateway/cmdline\") != ''"),
            attempt(
                    "read the file of the management token, which has its hash",
                    "(string) @file_get_contents($token) !== ''"),
            attempt(
                    "read status, metrics and health on the management port",
                    "file_get_contents(\"http://127.0.0.1:$management/q/relais\") !== false"),
            attempt("act on the management port, where a token is set", "acts($management)"),
            attempt("act on the management port, where none is set", "acts($tokenless)"),
            attempt(
                    "connect to the socket of a worker, its own or another one, and run any script",
                    "(bool) array_filter(glob(\"$run/*.sock\"), fn ($s) => @stream_socket_client(\"unix://$s\") !== false)"),
            attempt("change files in the run directory", "@file_put_contents(\"$run/mine\", 'x') !== false"),
            attempt(
                    "listen on the gateway's port in its place",
                    "@stream_socket_server(\"tcp://127.0.0.1:$port\") !== false"
                            + " || @stream_socket_server(\"tcp://0.0.0.0:$port\") !== false"),
            attempt("become root", "posix_setuid(0) || posix_seteuid(0)"),
            attempt("run programs", "trim((string) shell_exec('echo yes')) === 'yes'"),
            new String[] {
                "leave a program behind that outlives its request",
                // The shell may not have come to it yet.
                "(function () use ($left) { for ($i = 0; $i < 200; $i++, usleep(50_000)) { if (array_filter("
                        + "glob('/proc/[0-9]*/cmdline'), fn ($f) => @file_get_contents($f) === \"sleep\\0$left\\0\"))"
                        + " { return true; } } return false; })()",
                "(bool) exec(\"setsid sleep $left >/dev/null 2>&1 & echo yes\")"
            },
            attempt("read what all users of the host may read", "is_readable('/etc/passwd')"),
            attempt(
                    "write to the folder of temporary files",
                    "file_put_contents(tempnam(sys_get_temp_dir(), 'm'), 'x') === 1"),
            attempt(
                    "call into C (FFI)",
                    "class_exists('FFI') && (function () { try { FFI::cdef('int getpid();'); return true; }"
                            + " catch (Throwable) { return false; } })()"));

    private static final String SCRIPT = """
        <?php
        chdir(__DIR__);
        extract(array_map(strval(...), array_diff_key($_GET, ['code' => 1])));
        $secret = strrev($terces); // whose text is then in nothing that the request has brought
        function acts($port) {
            $context = stream_context_create(['http' => ['method' => 'POST', 'ignore_errors' => true]]);
            file_get_contents("http://127.0.0.1:$port/q/relais/generations", false, $context);
            return !str_contains($http_response_header[0], ' 403 ');
        }
        $sibling = 0;
        foreach (glob('/proc/[0-9]*/stat') as $file) {
            $stat = (string) @file_get_contents($file);
            $words = explode(' ', substr($stat, strrpos($stat, ')') + 2));
            if (($words[1] ?? '') == posix_getppid() && (int) $stat !== getmypid()) {
                $sibling = (int) $stat;
            }
        }
        if ($sibling === 0) {
            exit('no sibling');
        }
        echo eval('return ' . base64_decode($_GET['code']) . ';') ? 'yes' : 'no';
        """;

    private static final List<String> WWW_DATA =
            List.of("setpriv", "--reuid", "www-data", "--regid", "www-data", "--clear-groups");

    @TempDir
    static Path temporary;

    private static Path functions;
    private static Path token;
    /** Of PHP's own user, with a token. */
    private static PackagedGateway same;
    /** Of root, so that PHP is another user, without a token. */
    private static PackagedGateway apart;

    private static String[] attempt(String what, String php) {
        return new String[] {what, php};
    }

    @BeforeAll
    static void start() throws Exception {
        Assumptions.assumeTrue(
                System.getProperty("user.name").equals("root"), "only root can run a gateway as another user than PHP");
        Assumptions.assumeTrue(PackagedGateway.isReadable(WWW_DATA), "that user can read the application");
        functions = PackagedGateway.functions(Map.of("try.php", SCRIPT, "other.php", "<?php echo 'other';"));
        for (String name : List.of("try.php", "other.php")) {
            // The opcache keeps no file of the last two seconds, because it might be a half of one.
            Files.setLastModifiedTime(
                    functions.resolve(name), FileTime.from(Instant.now().minusSeconds(60)));
        }
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
        token = Files.writeString(temporary.resolve("token"), HASHED);
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
        apart = gateway(List.of(), Map.of());
        Path theirs = Files.copy(token, temporary.resolve("their-token"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.setOwner(
                theirs,
                temporary.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("www-data"));
        same = gateway(WWW_DATA, Map.of("relais.management.token-file", theirs.toString()));
        apart.ready();
        same.ready();
    }

    /** With one worker, so that all functions have the same opcache. */
    private static PackagedGateway gateway(List<String> user, Map<String, String> settings) throws Exception {
        List<String> prefix = new ArrayList<>(List.of("env", "SECRET=" + SECRET));
        prefix.addAll(user);
        Map<String, String> all = new TreeMap<>(settings);
        all.put("relais.workers.count", "1");
        return PackagedGateway.start(prefix, functions, all);
    }

    @AfterAll
    static void stop() throws Exception {
        for (PackagedGateway gateway : Arrays.asList(same, apart)) {
            if (gateway != null) {
                gateway.close();
            }
        }
    }

    private static List<String> tried(PackagedGateway gateway, Path itsToken) throws Exception {
        gateway.logs("PHP-FPM is started: ");
        String place = gateway.log()
                .lines()
                .filter(line -> line.contains("PHP-FPM is started: "))
                .map(line -> line.replaceAll(".* directory=(\\S+) .*", "$1"))
                .findFirst()
                .orElseThrow();
        List<String> seen = new ArrayList<>();
        for (String[] attempt : ATTEMPTS) {
            assertEquals(200, gateway.get("/api/other"));
            String query =
                    "gateway=" + gateway.process().pid() + "&port=" + gateway.port + "&management=" + same.management
                            + "&tokenless=" + apart.management + "&token=" + itsToken + "&run=" + place + "&left=37."
                            + gateway.port
                            + "&terces=" + new StringBuilder(SECRET).reverse();
            for (int earlier = 2; earlier < attempt.length; earlier++) {
                assertEquals("yes", tried(gateway, query, attempt[earlier]), attempt[0]);
            }
            seen.add(tried(gateway, query, attempt[1]));
        }
        return seen;
    }

    private static String tried(PackagedGateway gateway, String query, String php) throws Exception {
        String code = Base64.getEncoder().encodeToString(php.getBytes(StandardCharsets.UTF_8));
        return ask(gateway, "/api/try?" + query + "&code=" + URLEncoder.encode(code, StandardCharsets.UTF_8));
    }

    private static String ask(PackagedGateway gateway, String path) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        return answer.body();
    }

    @Test
    void itCanDoWhatTheSecurityPageSaysAndNoMore() throws Exception {
        List<String> alike = tried(same, temporary.resolve("their-token"));
        List<String> other = tried(apart, token);
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < ATTEMPTS.size(); i++) {
            rows.add(Arrays.asList(ATTEMPTS.get(i)[0], alike.get(i), other.get(i), null));
        }
        new GeneratedTable("security.md", "attempts", 0).assertHas(rows);
    }
}
