package dev.relais.worker;

import dev.relais.ConfigurationProblem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * The gateway's fresh private directory, {@code <base>/relais-<pid>-<random>}: sockets, worker configuration, pid files and the script
 * that tells a child's number. It is locked for as long as the gateway lives, which tells {@link StaleRunDirectories} whose time is over.
 * Made and closed by the thread of the start and the stop; the paths may be asked for by any thread.
 */
final class RunDirectory implements AutoCloseable {
    static final String KEY = "relais.workers.run-directory";
    static final String LOCK = "gateway.lock";
    /** The room in {@code sockaddr_un} without the final NUL, unix(7); FPM's own message when it is passed misleads (fact 7). */
    static final int LONGEST_SOCKET_PATH = 107;

    private static final String PID_SCRIPT_NAME = "relais-pid.php";

    /** FPM reads paths through its ini parser, where most other characters mean something. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/._+@,-]+");

    /**
     * Answers with the child's number and nothing else, whatever php.ini says: buffers with handlers are dropped, and getmypid is on
     * many lists of functions to disable.
     */
    private static final String PID_SCRIPT = """
            <?php
            while (ob_get_level() > 0 && @ob_end_clean());
            if (function_exists('getmypid')) {
                echo getmypid();
            } elseif (function_exists('posix_getpid')) {
                echo posix_getpid();
            } else {
                echo (int) @readlink('/proc/self');
            }
            """;

    private final Path path;
    private final FileChannel lock;

    private RunDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes the directory. Blocks.
     *
     * @param base an existing directory
     * @param user who the workers run as: when it is another user, it may pass through the directory but not list it
     * @param pid the gateway's process number
     * @throws ConfigurationProblem when the base cannot hold it: missing, closed to us or the workers, too long for a socket
     */
    static RunDirectory create(Path base, WorkerUser user, long pid, RandomGenerator random) {
        String name = "relais-" + pid + "-" + String.format("%08x", random.nextInt());
        try {
            Path path = checked(base, user).resolve(name);
            checkSocket(path.resolve("w511-9999999.sock"));
            Files.createDirectory(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            FileChannel lock =
                    FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            lock.lock();
            RunDirectory directory = new RunDirectory(path, lock);
            directory.script(PID_SCRIPT_NAME, PID_SCRIPT);
            // Last: nobody else has seen anything half made.
            Files.setPosixFilePermissions(
                    path, PosixFilePermissions.fromString(user.switched() ? "rwx--x--x" : "rwx------"));
            return directory;
        } catch (IOException e) {
            throw new ConfigurationProblem(
                    KEY,
                    base,
                    "cannot make a directory in it (" + e + ")",
                    "name a directory the gateway may write to");
        }
    }

    private static Path checked(Path base, WorkerUser user) throws IOException {
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

    private static Path checkSocket(Path socket) {
        int bytes = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > LONGEST_SOCKET_PATH) {
            throw new ConfigurationProblem(
                    KEY,
                    socket.getParent().getParent(),
                    "sockets in it have a path of " + bytes + " bytes, the system takes " + LONGEST_SOCKET_PATH,
                    "name a directory with a shorter path, such as /tmp");
        }
        return socket;
    }

    /** Real and absolute. */
    Path path() {
        return path;
    }

    /** The script that answers with {@code getmypid()} (fact 2); any user may read it. */
    Path pidScript() {
        return path.resolve(PID_SCRIPT_NAME);
    }

    /** Writes a script that any user may read. Blocks. */
    Path script(String name, String text) throws IOException {
        Path script = Files.writeString(path.resolve(name), text);
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rw-r--r--"));
    }

    /**
     * A path of its own for each start of a master: a dying one removes its socket, whoever owns the path by then (fact 12).
     *
     * @param worker from 0
     * @param incarnation counts the starts of that worker
     */
    Path socket(int worker, int incarnation) {
        return checkSocket(path.resolve(name(worker, incarnation) + ".sock"));
    }

    /** Where the shell that becomes the master leaves its number; the guard reads every {@code *.pid}. */
    Path pidFile(int worker, int incarnation) {
        return path.resolve(name(worker, incarnation) + ".pid");
    }

    Path configFile(int worker, int incarnation) {
        return path.resolve(name(worker, incarnation) + ".conf");
    }

    private static String name(int worker, int incarnation) {
        return "w" + worker + "-" + incarnation;
    }

    /** Deletes the directory with all that is in it and gives up the lock; after the masters have ended. Never fails, may be repeated. */
    @Override
    public void close() {
        try {
            delete(path);
            lock.close();
        } catch (IOException e) {
            // What is left is found and deleted by the next gateway's start.
            Logger.getLogger(RunDirectory.class).debugf(e, "cannot delete %s", path);
        }
    }

    /** Deletes a tree without following links; what vanishes meanwhile (the guard deletes too) is fine. */
    static void delete(Path root) throws IOException {
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    if (e instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw e;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                    Files.deleteIfExists(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (NoSuchFileException e) {
            // Gone already.
        }
    }
}
