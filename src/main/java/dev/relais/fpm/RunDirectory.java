package dev.relais.fpm;

import dev.relais.ConfigurationProblem;
import dev.relais.process.WorkerUser;
import dev.relais.slot.Proof;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * The gateway's fresh private directory, {@code <base>/relais-<pid>-<random>}: sockets, worker configuration, pid files and the script
 * that tells a child's number. It is locked for as long as the gateway lives: a directory without a lock is {@link StaleRunDirectories}' to
 * remove.
 * Made and closed by the thread of the start and the stop; what a cleaner of old files takes out of it is put back by {@link #mend}. The
 * paths may be asked for by any thread.
 */
final class RunDirectory implements AutoCloseable {
    static final String KEY = "relais.workers.run-directory";
    static final String LOCK = "gateway.lock";
    /**
     * How long a path may be in {@code sockaddr_un}, without the final NUL, unix(7); FPM's own message about a longer one misleads
     * (src/docs/facts.md, fact 7).
     */
    static final int LONGEST_SOCKET_PATH = 107;

    private static final String LONGEST_NAME = "w511-9999999.sock";
    private static final Set<PosixFilePermission> CLOSED = PosixFilePermissions.fromString("rwx------");
    private static final String PID_SCRIPT_NAME = "relais-pid.php";
    static final String PRELOAD_SCRIPT = "relais-preload.php";
    static final String FINISH_SCRIPT = "relais-finish.php";
    static final String COMPILE_LIST = "relais-compile.list";
    static final String COMPILE_SCRIPT = "relais-compile.php";

    /** FPM reads paths through its ini parser, where most other characters mean something. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/._+@,-]+");

    private final Path path;
    private final Set<PosixFilePermission> permissions;
    private final Map<String, String> scripts = new ConcurrentHashMap<>(); // what any user may read, by name
    // Guarded by this:
    private FileChannel lock;
    private boolean closed;

    private RunDirectory(Path path, Set<PosixFilePermission> permissions, FileChannel lock) {
        this.path = path;
        this.permissions = permissions;
        this.lock = lock;
    }

    /**
     * Where the directory is made when the configuration does not say it: in the directory that systemd has made for the service
     * (RuntimeDirectory= in systemd.exec(5)), else in /run, which no cleaner of old files visits; or, when this user may not write there or
     * PHP's user may not pass through, in the system's temporary directory.
     */
    static Path usualBase(Map<String, String> environment, WorkerUser user) {
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
                    checkSocket(checked(place, user).resolve("relais-4194304-00000000/" + LONGEST_NAME));
                    return place;
                }
            } catch (IOException | ConfigurationProblem e) {
                Logger.getLogger(RunDirectory.class).debugf("not used for the run directory: %s", e.getMessage());
            }
        }
        return Path.of(System.getProperty("java.io.tmpdir"));
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
            checkSocket(path.resolve(LONGEST_NAME));
            Files.createDirectory(path, PosixFilePermissions.asFileAttribute(CLOSED));
            RunDirectory directory = new RunDirectory(
                    path, PosixFilePermissions.fromString(user.switched() ? "rwx--x--x" : "rwx------"), lock(path));
            directory.script(PID_SCRIPT_NAME, Proof.SCRIPT);
            // Last: nobody else has seen anything half made.
            Files.setPosixFilePermissions(path, directory.permissions);
            return directory;
        } catch (IOException e) {
            throw new ConfigurationProblem(
                    KEY,
                    base,
                    "cannot make a directory in it (" + e + ")",
                    "name a directory the gateway may write to");
        }
    }

    private static FileChannel lock(Path directory) throws IOException {
        FileChannel lock =
                FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        lock.lock();
        return lock;
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
                    Objects.requireNonNull(socket.getParent()).getParent(), // it is in the run directory
                    "sockets in it have a path of " + bytes + " bytes, the system takes " + LONGEST_SOCKET_PATH,
                    "name a directory with a shorter path, such as /tmp");
        }
        return socket;
    }

    /** Real and absolute. */
    Path path() {
        return path;
    }

    /** The script that answers with {@code getmypid()} (src/docs/facts.md, fact 2); any user may read it. */
    Path pidScript() {
        return path.resolve(PID_SCRIPT_NAME);
    }

    /** What PHP has to read in it: single files, since scripts are to read no others, and the folder of the functions' copy. */
    List<Path> readByPhp() {
        return List.of(
                pidScript(),
                path.resolve(PRELOAD_SCRIPT),
                path.resolve(FINISH_SCRIPT),
                path.resolve(COMPILE_SCRIPT),
                path.resolve(COMPILE_LIST),
                path.resolve("functions/"));
    }

    /** Writes a script that any user may read, and keeps it there. Blocks. */
    Path script(String name, String text) throws IOException {
        scripts.put(name, text);
        return write(name, text);
    }

    /** By rename, so that PHP never reads half of it. */
    private Path write(String name, String text) throws IOException {
        Path fresh = Files.writeString(path.resolve(name + ".new"), text);
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
        return Files.move(fresh, path.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Puts back what is missing of the directory, its lock and its scripts. Costs a few looks at the disk when nothing is. Blocks.
     *
     * @return the names of what was missing, the empty one for the directory itself; empty when nothing was
     * @throws IOException when it cannot be put back, or the path is somebody else's by now
     */
    synchronized List<String> mend() throws IOException {
        List<String> missing = new ArrayList<>();
        if (closed) {
            return missing;
        }
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(path, PosixFilePermissions.asFileAttribute(CLOSED));
            Files.setPosixFilePermissions(path, permissions);
            missing.add("");
        } else if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                || !Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                        .equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
            throw new IOException(path + " is somebody else's now");
        }
        if (!Files.exists(path.resolve(LOCK), LinkOption.NOFOLLOW_LINKS)) {
            FileChannel former = lock;
            lock = lock(path);
            former.close();
            missing.add(LOCK);
        }
        for (Map.Entry<String, String> script : scripts.entrySet()) {
            if (!Files.exists(path.resolve(script.getKey()), LinkOption.NOFOLLOW_LINKS)) {
                write(script.getKey(), script.getValue());
                missing.add(script.getKey());
            }
        }
        return missing;
    }

    /**
     * Makes all that is in it look used just now to a cleaner of old files, which goes by the times of the last reading, writing or change
     * (tmpfiles.d(5), tmpreaper(8)). Files in folders keep their time of writing, by which opcache sees changes. Blocks.
     */
    void touch(Instant now) {
        FileTime time = FileTime.from(now);
        try {
            Files.walkFileTree(path, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    return visitFile(directory, attributes);
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    boolean ours = file.equals(path) || path.equals(file.getParent());
                    try {
                        Files.getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                                .setTimes(ours ? time : null, time, null);
                    } catch (IOException e) {
                        Logger.getLogger(RunDirectory.class).debugf("cannot touch %s: %s", file, e);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE; // it is gone: mend() sees that
                }
            });
        } catch (IOException e) {
            Logger.getLogger(RunDirectory.class).debugf("cannot touch %s: %s", path, e);
        }
    }

    /**
     * A path of its own for each start of a master: a dying one removes its socket, whoever owns the path by then
     * (src/docs/facts.md, fact 12).
     *
     * @param worker from 0
     * @param incarnation counts the starts of the gateway's life
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
    public synchronized void close() {
        closed = true;
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
