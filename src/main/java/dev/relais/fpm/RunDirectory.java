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
 * The gateway's fresh private directory, {@code <base>/relais-<pid>-<random>}, with sockets, worker configuration, pid files
 * and the script that answers with a child's process id. It is locked for as long as the gateway lives;
 * {@link StaleRunDirectories} removes a directory without a lock. It is made and closed by the thread that starts and stops the
 * gateway. What a cleaner of old files removes from it is restored by {@link #mend}. Any thread may ask for the paths.
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
    static final String LEARN_SCRIPT = "relais-learn.php";
    static final String LEARN_LIST = "relais-learn.list";
    static final String NOTICE_SCRIPT = "relais-notice.php";
    static final String COMPILE_LIST = "relais-compile.list";
    static final String COMPILE_SCRIPT = "relais-compile.php";

    /** FPM reads paths through its ini parser, where most other characters mean something. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/._+@,-]+");

    private final Path path;
    private final Set<PosixFilePermission> permissions;
    private final Map<String, String> scripts = new ConcurrentHashMap<>(); // readable by any user, by name
    // The following field is guarded by this:
    private FileChannel lock;
    private boolean closed;

    private RunDirectory(Path path, Set<PosixFilePermission> permissions, FileChannel lock) {
        this.path = path;
        this.permissions = permissions;
        this.lock = lock;
    }

    /**
     * Where the directory is made when the configuration does not say it: in the directory that systemd has made for the
     * service (RuntimeDirectory= in systemd.exec(5)), or else in /run, where no cleaner of old files works. When this user may
     * not write there or PHP's user may not traverse it, it is made in the system's temporary directory.
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
     * @param user the user that the workers run as; another user than the gateway's may traverse the directory but not list it
     * @param pid the gateway's process id
     * @throws ConfigurationProblem when the base cannot hold the directory, because it is missing, not accessible to the
     *     gateway or the workers, or too long for a socket
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
            // This comes last, so that no other user has seen a half-made directory.
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

    /** The real and absolute path. */
    Path path() {
        return path;
    }

    /** The script that answers with {@code getmypid()} (src/docs/facts.md, fact 2); any user may read it. */
    Path pidScript() {
        return path.resolve(PID_SCRIPT_NAME);
    }

    /**
     * What PHP has to read in the directory: single files, since scripts must not read others, and the folder of the functions'
     * copy.
     */
    List<Path> readByPhp() {
        return List.of(
                pidScript(),
                path.resolve(PRELOAD_SCRIPT),
                path.resolve(FINISH_SCRIPT),
                path.resolve(NOTICE_SCRIPT),
                path.resolve(LEARN_SCRIPT),
                path.resolve(LEARN_LIST),
                path.resolve(learnedScript(0)),
                path.resolve(learnedScript(1)),
                path.resolve(COMPILE_SCRIPT),
                path.resolve(COMPILE_LIST),
                path.resolve("functions/"));
    }

    /** What a generation preloads besides: never more than two of them have masters. */
    static String learnedScript(int generation) {
        return "relais-learned-" + generation % 2 + ".php";
    }

    /** Writes a script that any user may read, and keeps it there. Blocks. */
    Path script(String name, String text) throws IOException {
        scripts.put(name, text);
        return write(name, text);
    }

    /** Writes a file and puts it in place by rename, so that PHP never reads half of it. */
    private Path write(String name, String text) throws IOException {
        Path fresh = Files.writeString(path.resolve(name + ".new"), text);
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
        return Files.move(fresh, path.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Restores what is missing of the directory, its lock and its scripts. It costs a few system calls when nothing is missing.
     * Blocks.
     *
     * @return the names of what was missing, with an empty name for the directory itself; empty when nothing was missing
     * @throws IOException when it cannot be restored, or the path belongs to another user by now
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
     * Makes everything in the directory look recently used to a cleaner of old files, which considers the times of the last
     * access, modification and change (tmpfiles.d(5), tmpreaper(8)). Files in folders keep their modification time, by which
     * opcache sees changes. Blocks.
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
                    if (file.toString().endsWith(ErrorFunction.FILE_END)) {
                        return FileVisitResult
                                .CONTINUE; // opening a FIFO may wait for ever; what is in use is written to
                    }
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
                    return FileVisitResult.CONTINUE; // it has vanished, which mend() notices
                }
            });
        } catch (IOException e) {
            Logger.getLogger(RunDirectory.class).debugf("cannot touch %s: %s", path, e);
        }
    }

    /**
     * The socket of one start of a master. Each start has its own path, because a dying master removes its path even if another
     * master owns it by then (src/docs/facts.md, fact 12).
     *
     * @param worker the worker's number, from 0
     * @param incarnation the number of the start in the gateway's life
     */
    Path socket(int worker, int incarnation) {
        return checkSocket(path.resolve(name(worker, incarnation) + ".sock"));
    }

    /** The file into which the shell that becomes the master writes its process id. The guard reads every {@code *.pid}. */
    Path pidFile(int worker, int incarnation) {
        return path.resolve(name(worker, incarnation) + ".pid");
    }

    Path configFile(int worker, int incarnation) {
        return path.resolve(name(worker, incarnation) + ".conf");
    }

    /** A FIFO, which the shell makes that becomes the master; see {@link ErrorPipe}. */
    Path errorPipe(int worker, int incarnation, int number) {
        return path.resolve(name(worker, incarnation) + "." + number + ErrorFunction.FILE_END);
    }

    private static String name(int worker, int incarnation) {
        return "w" + worker + "-" + incarnation;
    }

    /**
     * Deletes the directory with its content and releases the lock, after the masters have ended. Never fails, and may be
     * repeated.
     */
    @Override
    public synchronized void close() {
        closed = true;
        try {
            delete(path);
            lock.close();
        } catch (IOException e) {
            // The next start of a gateway finds and deletes what is left.
            Logger.getLogger(RunDirectory.class).debugf(e, "cannot delete %s", path);
        }
    }

    /** Deletes a tree without following symlinks. A file may vanish meanwhile, because the guard deletes too. */
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
            // It has already been deleted.
        }
    }
}
