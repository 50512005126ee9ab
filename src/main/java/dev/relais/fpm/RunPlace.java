package dev.relais.fpm;

import dev.relais.ConfigurationProblem;
import dev.relais.LogText;
import dev.relais.process.WorkerUser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * The folder in which a {@link RunDirectory} is made: which one that is where nobody says it, and whether the gateway, its workers and FPM
 * can use one.
 */
final class RunPlace {
    static final String KEY = "relais.workers.run-directory";
    /**
     * How long a path may be in {@code sockaddr_un}, without the final NUL, unix(7); FPM's own message about a longer one misleads
     * (src/docs/facts.md, fact 7).
     */
    static final int LONGEST_SOCKET_PATH = 107;

    private static final String LONGEST_NAME = "w511-9999999.sock";

    /** FPM reads paths through its ini parser, where most other characters mean something. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/._+@,-]+");

    private static final Logger LOG = Logger.getLogger(RunPlace.class);

    private RunPlace() {}

    /**
     * Where the directory is made when the configuration does not say it: in the directory that systemd has made for the
     * service (RuntimeDirectory= in systemd.exec(5)), or else in /run, where no cleaner of old files works. When this user may
     * not write there or PHP's user may not traverse it, it is made in the system's temporary directory.
     */
    static Path usual(Map<String, String> environment, WorkerUser user) {
        List<Path> places = new ArrayList<>();
        for (String place : environment.getOrDefault("RUNTIME_DIRECTORY", "").split(":")) {
            if (place.startsWith("/")) {
                places.add(Path.of(place));
            }
        }
        places.add(Path.of("/run"));
        for (Path place : places) {
            try {
                if (Files.isWritable(place)) {
                    checkRoom(checked(place, user).resolve("relais-4194304-00000000"));
                    return place;
                }
            } catch (IOException | ConfigurationProblem e) {
                LOG.debugf(
                        "Place is not used for the run directory: place=%s cause=%s",
                        LogText.value(place), LogText.value(e.getMessage()));
            }
        }
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    /**
     * The real path of a place that can hold a run directory. Blocks.
     *
     * @param user the user that the workers run as
     * @throws ConfigurationProblem when it cannot, because it is missing or not accessible to the gateway or the workers
     */
    static Path checked(Path base, WorkerUser user) throws IOException {
        if (!Files.isDirectory(base)) {
            throw new ConfigurationProblem(KEY, base, "is no directory", "create it or name another one");
        }
        Path real = base.toRealPath();
        if (!PLAIN.matcher(real.toString()).matches()) {
            throw new ConfigurationProblem(
                    KEY,
                    real,
                    "holds characters that PHP-FPM's configuration does not take",
                    "name a directory of letters, digits and /._+@,-");
        }
        if (!user.canTraverse(real)) {
            throw new ConfigurationProblem(
                    KEY,
                    real,
                    "the user " + user.name() + " cannot pass through it",
                    "name a directory like /tmp or /run, or open it (chmod o+x)");
        }
        return real;
    }

    /** @throws ConfigurationProblem when the sockets of a run directory here would have paths that are too long */
    static Path checkRoom(Path directory) {
        checkSocket(directory.resolve(LONGEST_NAME));
        return directory;
    }

    /** @throws ConfigurationProblem when the path is too long for a socket */
    static Path checkSocket(Path socket) {
        int bytes = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > LONGEST_SOCKET_PATH) {
            throw new ConfigurationProblem(
                    KEY,
                    Objects.requireNonNull(socket.getParent()).getParent(), // it is in the run directory
                    "sockets in it have a path of " + bytes + " bytes, the system takes " + LONGEST_SOCKET_PATH,
                    "name a directory with a shorter path, such as /tmp");
        }
        return socket;
    }
}
