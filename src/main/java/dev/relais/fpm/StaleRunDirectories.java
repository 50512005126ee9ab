package dev.relais.fpm;

import dev.relais.LogText;
import dev.relais.process.ProcReader;
import dev.relais.process.ProcessGroups;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Deletes the run directories of gateways that have ended together with their guard, as after a power failure or when the guard
 * was killed. So the temporary directory does not fill up. It also ends masters that were left in them. It is used once at
 * start, before this gateway's own directory is made. In case of doubt a directory is kept.
 */
final class StaleRunDirectories {
    private static final Logger LOG = Logger.getLogger(StaleRunDirectories.class);
    private static final Pattern NAME = Pattern.compile("relais-(\\d{1,10})-[0-9a-f]{8}");
    /** A directory younger than this may belong to a gateway that has not locked it yet, or to a guard that still works. */
    private static final long YOUNG_SECONDS = 10;

    private final ProcReader proc;
    private final ProcessGroups groups;
    private final long ownPid;
    private final Instant ownStart;

    /**
     * @param ownPid the id of this process
     * @param ownStart when this process started; an older directory with the same process id belongs to a predecessor, such as
     *     PID 1 of a container
     */
    StaleRunDirectories(ProcReader proc, ProcessGroups groups, long ownPid, Instant ownStart) {
        this.proc = proc;
        this.groups = groups;
        this.ownPid = ownPid;
        this.ownStart = ownStart;
    }

    /**
     * Sweeps one base directory. Blocks; never fails.
     *
     * @param uid the gateway's user; directories of other users are not touched
     * @return the directories deleted
     */
    List<Path> sweep(Path base, int uid, Instant now) {
        List<Path> deleted = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(base.toRealPath(), "relais-*")) {
            for (Path entry : entries) {
                if (sweepOne(entry, uid, now)) {
                    deleted.add(entry);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.debugf(e, "Run directories cannot be swept: directory=%s", LogText.value(base));
        }
        return deleted;
    }

    private boolean sweepOne(Path directory, int uid, Instant now) {
        try {
            if (!isStale(directory, uid, now)) {
                return false;
            }
            endMasters(directory);
            FileTree.delete(directory);
            return true;
        } catch (IOException | RuntimeException e) {
            LOG.debugf(e, "Run directory cannot be swept: directory=%s", LogText.value(directory));
            return false;
        }
    }

    private boolean isStale(Path directory, int uid, Instant now) throws IOException {
        Matcher name = NAME.matcher(directory.getFileName().toString());
        if (!name.matches()
                || !Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                || !Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                        .equals(uid)) {
            return false;
        }
        Instant changed = Files.getLastModifiedTime(directory).toInstant();
        // The lock of one's own directory must not be opened, because closing any descriptor of a file drops all locks
        // of the process on it (fcntl(2)).
        boolean own = Long.parseLong(name.group(1)) == ownPid && !changed.isBefore(ownStart.minusSeconds(5));
        return !own
                && changed.isBefore(now.minusSeconds(YOUNG_SECONDS))
                && !isLocked(directory)
                && !isGuarded(directory);
    }

    /**
     * Whether a gateway holds the lock. A lock also shows a gateway in another container that shares the directory but not the
     * process ids.
     */
    private static boolean isLocked(Path directory) throws IOException {
        Path file = directory.resolve(RunDirectory.LOCK);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                FileLock lock = channel.tryLock()) {
            return lock == null;
        } catch (OverlappingFileLockException e) {
            return true;
        }
    }

    private boolean isGuarded(Path directory) throws IOException {
        long guard = ProcessGroups.readPid(directory.resolve(Guard.PID));
        return guard > 1 && names(guard, directory);
    }

    /**
     * Ends masters that are left. Another process may have the id of an old pid file by now, so a process is ended only if its
     * title shows this directory.
     */
    private void endMasters(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.pid")) {
            for (Path file : files) {
                long pid = ProcessGroups.readPid(file);
                if (pid > 1 && names(pid, directory)) {
                    LOG.infof(
                            "Master of a former gateway is ended: master=%d directory=%s",
                            pid, LogText.value(directory));
                    groups.kill(pid);
                }
            }
        }
    }

    private boolean names(long pid, Path directory) {
        String line = proc.commandLine(pid);
        return line != null && line.contains(directory.toString());
    }
}
