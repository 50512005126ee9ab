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
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Debian's nginx on a free loopback port, with its stock {@code fastcgi_params}, before a PHP-FPM pool of its own. */
final class Nginx implements AutoCloseable {
    /** What Debian's php-fpm is told in the suites: what Relais gives its own workers (worker.FpmLaunch). */
    private static final Map<String, String> USUAL =
            Map.of("max_execution_time", "0", "max_input_time", "-1", "display_errors", "0");

    private static final String FUNCTIONS = """
            server {
                listen 127.0.0.1:PORT;
                server_name localhost;
                root ROOT;
                location / { return 404; }
                location ~ (?s)^/api/differential/app(?:/|$) {
                    fastcgi_split_path_info (?s)^(/api/differential/app)(.*)$;
                    include /etc/nginx/fastcgi_params;
                    fastcgi_param SCRIPT_NAME $fastcgi_script_name/index.php;
                    fastcgi_param SCRIPT_FILENAME $document_root/differential/app/index.php;
                    fastcgi_param PATH_INFO $fastcgi_path_info;
                    fastcgi_pass unix:BASE/php.sock;
                }
                LOCATIONS
            }
            """;

    private static final String LOCATION = """
                location ~ (?s)^/api/(?<function>differential/(?:NAMES))(?:/|$) {
                    fastcgi_split_path_info (?s)^(/api/differential/[a-z]+)(.*)$;
                    include /etc/nginx/fastcgi_params;
                    fastcgi_param SCRIPT_FILENAME $document_root/$function.php;
                    fastcgi_param PATH_INFO $fastcgi_path_info;
                    fastcgi_pass unix:BASE/POOL.sock;
                }
            """;

    private final Path base = Files.createTempDirectory("relais-nginx");
    private final List<Process> processes = new ArrayList<>();
    private final int port = FreePorts.next();

    /** @param functions the directory that Relais serves as well */
    Nginx(Path functions) throws IOException {
        this(functions, Map.of());
    }

    /**
     * @param functions the directory that Relais serves as well
     * @param settings what php.ini has for one of them, by its name; others have the usual
     */
    Nginx(Path functions, Map<String, Map<String, String>> settings) throws IOException {
        this(functions(functions, settings.keySet()), settings);
    }

    /** @param servers their blocks, in which {@code PORT} is the port and {@code BASE/} the folder with PHP-FPM's {@code php.sock} */
    Nginx(String servers) throws IOException {
        this(servers, Map.of());
    }

    private Nginx(String servers, Map<String, Map<String, String>> settings) throws IOException {
        Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path server = Files.writeString(base.resolve("nginx.conf"), server(servers));
        try {
            runFpm("php", Map.of());
            for (Map.Entry<String, Map<String, String>> pool : settings.entrySet()) {
                runFpm(pool.getKey(), pool.getValue());
            }
            run(program("nginx"), "-p", base.toString(), "-c", server.toString(), "-e", base.resolve("error.log") + "");
            Awaitility.await("nginx and php-fpm, whose words are in " + base)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> isListening()
                            && Files.exists(base.resolve("php.sock"))
                            && settings.keySet().stream().allMatch(name -> Files.exists(base.resolve(name + ".sock"))));
        } catch (IOException | RuntimeException e) {
            stop();
            throw e;
        }
    }

    private static String functions(Path directory, Set<String> others) {
        StringBuilder locations = new StringBuilder(location("request|response|course|streamed", "php"));
        others.forEach(name -> locations.append(location(name, name)));
        return FUNCTIONS.replace("ROOT", directory.toString()).replace("LOCATIONS", locations);
    }

    private static String location(String names, String pool) {
        return LOCATION.replace("NAMES", names).replace("POOL", pool);
    }

    private void runFpm(String pool, Map<String, String> settings) throws IOException {
        Path file = Files.writeString(base.resolve(pool + ".conf"), pool(pool));
        List<String> command = new ArrayList<>(List.of(program("php-fpm[0-9.]*"), "-F", "-O", "-y", file.toString()));
        Map<String, String> all = new TreeMap<>(USUAL);
        all.putAll(settings);
        all.forEach((name, value) -> command.addAll(List.of("-d", name + "=" + value)));
        run(command.toArray(String[]::new));
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

    private String pool(String name) {
        return """
            [global]
            error_log = %1$s/%2$s.log
            daemonize = no
            [differential]
            listen = %1$s/%2$s.sock
            listen.mode = 0666
            %3$s
            pm = static
            pm.max_children = 2
            clear_env = yes
            env[HOME] = $HOME
            catch_workers_output = yes
            """.formatted(base, name, isRoot() ? "user = www-data" : "");
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
