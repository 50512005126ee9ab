package dev.relais.fpm;

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
 * Deletes the run directories of gateways that are gone and whose guard is gone too (a machine that lost power, a guard that was killed),
 * so that the temporary directory does not fill, and ends masters that were left in them. Runs once at start, before this gateway's own
 * directory is made. In doubt a directory is kept.
 */
final class StaleRunDirectories {
    private static final Logger LOG = Logger.getLogger(StaleRunDirectories.class);
    private static final Pattern NAME = Pattern.compile("relais-(\\d{1,10})-[0-9a-f]{8}");
    /** A directory this young may belong to a gateway that has not locked it yet, or to a guard at its work. */
    private static final long YOUNG_SECONDS = 10;

    private final ProcReader proc;
    private final ProcessGroups groups;
    private final long ownPid;
    private final Instant ownStart;

    /**
     * @param ownPid the number of this process
     * @param ownStart when it started: a directory with its number that is older belongs to a predecessor (PID 1 of a container)
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
     * @param uid the gateway's user: other users' directories are left alone
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
            LOG.debugf(e, "Run directories cannot be swept: directory=%s", base);
        }
        return deleted;
    }

    private boolean sweepOne(Path directory, int uid, Instant now) {
        try {
            if (!isStale(directory, uid, now)) {
                return false;
            }
            endMasters(directory);
            RunDirectory.delete(directory);
            return true;
        } catch (IOException | RuntimeException e) {
            LOG.debugf(e, "Run directory cannot be swept: directory=%s", directory);
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
        // Never open the lock of a directory of our own: closing any descriptor of a file drops all of a process' locks
        // on it (fcntl(2)).
        boolean own = Long.parseLong(name.group(1)) == ownPid && !changed.isBefore(ownStart.minusSeconds(5));
        return !own
                && changed.isBefore(now.minusSeconds(YOUNG_SECONDS))
                && !isLocked(directory)
                && !isGuarded(directory);
    }

    /** A lock also tells of a gateway in another container that shares the directory but not the process numbers. */
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

    /** Another process may have the number of an old pid file by now: only one that shows this directory in its title is ended. */
    private void endMasters(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.pid")) {
            for (Path file : files) {
                long pid = ProcessGroups.readPid(file);
                if (pid > 1 && names(pid, directory)) {
                    LOG.infof("Master of a former gateway is ended: master=%d directory=%s", pid, directory);
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
