package dev.relais.fpm;

import dev.relais.ConfigurationProblem;
import dev.relais.LogText;
import dev.relais.process.WorkerUser;
import dev.relais.slot.Proof;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's fresh private directory, {@code <base>/relais-<pid>-<random>}, with sockets, worker configuration, pid files
 * and the script that answers with a child's process id. It is locked for as long as the gateway lives;
 * {@link StaleRunDirectories} removes a directory without a lock. It is made and closed by the thread that starts and stops the
 * gateway. What a cleaner of old files removes from it is restored by {@link #mend}. Any thread may ask for the paths.
 */
final class RunDirectory implements AutoCloseable {
    static final String LOCK = "gateway.lock";

    private static final Logger LOG = Logger.getLogger(RunDirectory.class);
    private static final Set<PosixFilePermission> CLOSED = PosixFilePermissions.fromString("rwx------");
    private static final String PID_SCRIPT_NAME = "relais-pid.php";
    static final String PRELOAD_SCRIPT = "relais-preload.php";
    static final String FINISH_SCRIPT = "relais-finish.php";
    static final String LEARN_SCRIPT = "relais-learn.php";
    static final String LEARN_LIST = "relais-learn.list";
    static final String NOTICE_SCRIPT = "relais-notice.php";
    static final String FOLDER_SETTINGS = "relais-folders.ini";
    static final String POOL_SETTINGS = "relais-a-pool.ini"; // read before the folders', which say more
    static final String COMPILE_LIST = "relais-compile.list";
    static final String COMPILE_SCRIPT = "relais-compile.php";

    private final Path path;
    private final Set<PosixFilePermission> permissions;
    private final @Nullable String group; // whose members may pass through; null when it does not matter
    private final Map<String, String> scripts = new ConcurrentHashMap<>(); // readable by any user, by name
    // The following field is guarded by this:
    private FileChannel lock;
    private boolean closed;

    private RunDirectory(Path path, Set<PosixFilePermission> permissions, @Nullable String group, FileChannel lock) {
        this.path = path;
        this.permissions = permissions;
        this.group = group;
        this.lock = lock;
    }

    /** Makes a directory that every user may pass through. */
    static RunDirectory create(Path base, WorkerUser user, long pid, RandomGenerator random) {
        return create(base, user, false, pid, random);
    }

    /**
     * Makes the directory. Blocks.
     *
     * @param base an existing directory
     * @param user the user that the workers run as; another user than the gateway's may traverse the directory but not list it
     * @param closed whether of other users only those of that one's group may do so
     * @param pid the gateway's process id
     * @throws ConfigurationProblem when the base cannot hold the directory, because it is missing, not accessible to the
     *     gateway or the workers, or too long for a socket
     */
    static RunDirectory create(Path base, WorkerUser user, boolean closed, long pid, RandomGenerator random) {
        String name = "relais-" + pid + "-" + String.format("%08x", random.nextInt());
        try {
            Path path = RunPlace.checkRoom(RunPlace.checked(base, user).resolve(name));
            Files.createDirectory(path, PosixFilePermissions.asFileAttribute(CLOSED));
            String open = closed ? "rwx--x---" : "rwx--x--x";
            RunDirectory directory = new RunDirectory(
                    path,
                    PosixFilePermissions.fromString(user.switched() ? open : "rwx------"),
                    closed && user.switched() ? user.group() : null,
                    lock(path));
            directory.script(PID_SCRIPT_NAME, Proof.SCRIPT);
            // This comes last, so that no other user has seen a half-made directory.
            directory.open();
            return directory;
        } catch (IOException e) {
            throw new ConfigurationProblem(
                    RunPlace.KEY,
                    base,
                    "cannot make a directory in it (" + e + ")",
                    "name a directory the gateway may write to");
        }
    }

    private void open() throws IOException {
        if (group != null) {
            Files.getFileAttributeView(path, PosixFileAttributeView.class)
                    .setGroup(FileSystems.getDefault()
                            .getUserPrincipalLookupService()
                            .lookupPrincipalByGroupName(group));
        }
        Files.setPosixFilePermissions(path, permissions);
    }

    private static FileChannel lock(Path directory) throws IOException {
        FileChannel lock =
                FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        lock.lock();
        return lock;
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
    List<Path> readByPhp() throws IOException {
        List<Path> read = new ArrayList<>(List.of(
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
                path.resolve("functions/")));
        for (String name : ResidentScripts.names()) {
            read.add(path.resolve(name));
        }
        return read;
    }

    /** What a generation preloads besides: never more than two of them have masters. */
    static String learnedScript(int generation) {
        return "relais-learned-" + generation % 2 + ".php";
    }

    /** Whether masters have to scan this directory for an ini file. */
    boolean hasFolderSettings() {
        return scripts.containsKey(FOLDER_SETTINGS) || scripts.containsKey(POOL_SETTINGS);
    }

    /** Writes the ini file of a pool, which masters find here; empty for none. Blocks. */
    void poolSettings(String ini) throws IOException {
        if (!ini.isEmpty()) {
            script(POOL_SETTINGS, ini);
        }
    }

    /** Writes the ini file that masters find here; empty for one that says nothing, or none at all. Blocks. */
    void folderSettings(String ini) throws IOException {
        if (!ini.isEmpty() || scripts.containsKey(FOLDER_SETTINGS)) {
            script(FOLDER_SETTINGS, ini);
        }
    }

    /** Writes a script that any user may read, and keeps it there: {@link #mend} never sees one that is not written yet. Blocks. */
    synchronized Path script(String name, String text) throws IOException {
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
            open();
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
     * The socket of one start of a master. Each start has its own path, because a dying master removes its path even if another
     * master owns it by then (src/docs/facts.md, fact 12).
     *
     * @param worker the worker's number, from 0
     * @param incarnation the number of the start in the gateway's life
     */
    Path socket(int worker, int incarnation) {
        return RunPlace.checkSocket(path.resolve(name(worker, incarnation) + ".sock"));
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
            FileTree.delete(path);
            lock.close();
        } catch (IOException e) {
            // The next start of a gateway finds and deletes what is left.
            LOG.debugf(e, "Run directory cannot be deleted: directory=%s", LogText.value(path));
        }
    }
}
