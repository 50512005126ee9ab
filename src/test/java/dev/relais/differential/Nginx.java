package dev.relais.differential;

import dev.relais.testing.FreePorts;
import dev.relais.testing.Patience;
import dev.relais.testing.Side;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Debian's nginx on a free loopback port, with its stock {@code fastcgi_params}, before a PHP-FPM pool of its own. */
final class Nginx implements AutoCloseable {
    private static final String FUNCTIONS = """
            server {
                listen 127.0.0.1:PORT;
                server_name localhost;
                root ROOT;
                location / { return 404; }
                location ~ (?s)^/api/(?<function>differential/(?:request|response))(?:/|$) {
                    fastcgi_split_path_info (?s)^(/api/differential/[a-z]+)(.*)$;
                    include /etc/nginx/fastcgi_params;
                    fastcgi_param SCRIPT_FILENAME $document_root/$function.php;
                    fastcgi_param PATH_INFO $fastcgi_path_info;
                    fastcgi_pass unix:BASE/php.sock;
                }
                location ~ (?s)^/api/differential/app(?:/|$) {
                    fastcgi_split_path_info (?s)^(/api/differential/app)(.*)$;
                    include /etc/nginx/fastcgi_params;
                    fastcgi_param SCRIPT_NAME $fastcgi_script_name/index.php;
                    fastcgi_param SCRIPT_FILENAME $document_root/differential/app/index.php;
                    fastcgi_param PATH_INFO $fastcgi_path_info;
                    fastcgi_pass unix:BASE/php.sock;
                }
            }
            """;

    private final Path base = Files.createTempDirectory("relais-nginx");
    private final List<Process> processes = new ArrayList<>();
    private final int port = FreePorts.next();

    /** @param functions the directory that Relais serves as well */
    Nginx(Path functions) throws IOException {
        this(FUNCTIONS.replace("ROOT", functions.toString()));
    }

    /** @param servers their blocks, in which {@code PORT} is the port and {@code BASE/} the folder with PHP-FPM's {@code php.sock} */
    Nginx(String servers) throws IOException {
        Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path pool = Files.writeString(base.resolve("php-fpm.conf"), pool());
        Path server = Files.writeString(base.resolve("nginx.conf"), server(servers));
        try {
            // What Relais gives its own workers (worker.FpmLaunch).
            run(
                    program("php-fpm[0-9.]*"),
                    "-F",
                    "-O",
                    "-y",
                    pool.toString(),
                    "-d",
                    "max_execution_time=0",
                    "-d",
                    "max_input_time=-1",
                    "-d",
                    "display_errors=0");
            run(program("nginx"), "-p", base.toString(), "-c", server.toString(), "-e", base.resolve("error.log") + "");
            Awaitility.await("nginx and php-fpm, whose words are in " + base)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> isListening() && Files.exists(base.resolve("php.sock")));
        } catch (IOException | RuntimeException e) {
            stop();
            throw e;
        }
    }

    int port() {
        return port;
    }

    private boolean isListening() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private String pool() {
        return """
            [global]
            error_log = %1$s/php-fpm.log
            daemonize = no
            [differential]
            listen = %1$s/php.sock
            listen.mode = 0666
            %2$s
            pm = static
            pm.max_children = 2
            clear_env = yes
            env[HOME] = $HOME
            catch_workers_output = yes
            """.formatted(base, isRoot() ? "user = www-data" : "");
    }

    /** The server's configuration. The limits are those of the running gateway's profile; everything else is nginx' default. */
    private String server(String servers) {
        return """
            daemon off;
            worker_processes 1;
            %3$s
            pid %1$s/nginx.pid;
            events { worker_connections 64; }
            http {
                access_log off;
                client_max_body_size 12m;
                large_client_header_buffers 4 32k;
                client_body_temp_path %1$s/body;
                fastcgi_temp_path %1$s/fastcgi;
                proxy_temp_path %1$s/proxy;
                scgi_temp_path %1$s/scgi;
                uwsgi_temp_path %1$s/uwsgi;
%4$s
            }
            """.formatted(
                        base,
                        port,
                        isRoot() ? "user root;" : "",
                        servers.replace("PORT", port + "").replace("BASE/", base + "/"));
    }

    private void run(String... command) throws IOException {
        processes.add(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(base.resolve("output-" + processes.size()).toFile())
                .start());
    }

    /** The newest program of this name. */
    private static String program(String pattern) {
        List<String> found = new ArrayList<>();
        for (String directory : (System.getenv("PATH") + ":/usr/local/sbin:/usr/sbin").split(":")) {
            File[] files = new File(directory).listFiles((where, name) -> name.matches(pattern));
            Stream.of(files == null ? new File[0] : files).map(File::getPath).forEach(found::add);
        }
        return found.stream()
                .max((one, other) ->
                        Path.of(one).getFileName().compareTo(Path.of(other).getFileName()))
                .orElseThrow(() -> new AssertionError(pattern + " is not installed: run .ci/setup test"));
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private void stop() {
        processes.forEach(Process::destroy);
        for (Process process : processes) {
            try {
                if (!process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() throws IOException {
        stop();
        Side.delete(base);
    }
}
