package dev.relais.packaged;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;

/** The functions of {@link PoisonIT}: one for each way to do harm, and harmless ones. */
final class PoisonScripts {
    private static final Map<String, String> SCRIPTS = Map.of(
            "hello.php", "<?php echo 'hello';",
            "brief.php", "<?php usleep(2000); echo 'brief';",
            "limits.php", "<?php readfile('/proc/self/limits');",
            "segfault.php", """
            <?php
            if (file_exists($_GET['side'] . '/well')) exit('well');
            posix_kill(getmypid(), 11);
            """,
            "recursion.php", """
            <?php
            class Endless { public function __toString(): string { return 'x' . $this; } }
            echo new Endless();
            """,
            "memory.php", "<?php ini_set('memory_limit', '16M'); for ($all = []; ; ) $all[] = str_repeat('x', 100000);",
            "exit.php", "<?php echo 'half'; flush(); exit(3);",
            "output.php", "<?php for (;;) echo str_repeat('x', 8192);",
            "processes.php", """
            <?php
            file_put_contents($_GET['side'] . '/running-', (string) getmypid());
            $full = $_GET['side'] . '/full-';
            for ($started = []; ; usleep(500)) {
                $process = @proc_open($_GET['command'] === 'setsid' ? ['setsid', 'sleep', '300'] : ['sleep', '300'], [], $pipes);
                if ($process !== false) $started[] = $process;
                // The processes of the test before count until they are reaped.
                elseif (count($started) > 8 && !file_exists($full)) {
                    file_put_contents("$full.new", (string) count($started));
                    rename("$full.new", $full);
                }
            }
            """,
            "functions.yaml", """
            functions:
              site:
                application: true
              output:
                timeout: 500ms
              processes:
                timeout: 3s
              slowly:
                timeout: 20s
            """);

    /** The pages of an application: one that ends as PHP 8.6 does when it gets no memory, and harmless ones. */
    private static final Map<String, String> PAGES = Map.of(
            "part.php",
            "<?php echo getmypid(), ' ', fread(fopen('php://input', 'r'), 3);",
            "index.php",
            "<?php echo 'front';",
            "abort.php",
            "<?php posix_kill(getmypid(), 6);",
            "page.php",
            "<?php echo 'page';");

    private PoisonScripts() {}

    /** @return the directory that they are in */
    static Path write() throws IOException {
        Map<String, String> scripts = new HashMap<>(SCRIPTS);
        scripts.put("slowly.php", SCRIPTS.get("processes.php")); // for a machine that needs longer to start so many
        Path functions = PackagedGateway.functions(scripts);
        Path site = Files.createDirectory(functions.resolve("site"));
        Files.setPosixFilePermissions(site, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (Map.Entry<String, String> page : PAGES.entrySet()) {
            Path file = Files.writeString(site.resolve(page.getKey()), page.getValue());
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        }
        return functions;
    }
}
