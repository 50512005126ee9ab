package dev.relais.slot;

import dev.relais.LogText;
import dev.relais.process.ProcReader;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The folders in which PHP keeps the files of uploads while a request runs:
 * {@code <upload_tmp_dir>/.relais-<pid>-<random>/<n>}, one for each child. PHP removes the files at the end of a request. When
 * a child is ended before that, the gateway removes its folder. A child gets its folder with its first exchange, the
 * {@link Proof}, by PHP_ADMIN_VALUE, which stays in force for the life of the child. The proof's script creates the folder, so
 * that it belongs to PHP's user.
 *
 * <p>PHP may put anything into it, even symlinks, and the gateway may be root. So the gateway only removes, and follows no
 * symlink. Any thread; all methods but {@link #next} block.
 */
public final class UploadFolders {
    /** No folders, so that PHP uses what it is configured to use. */
    public static final UploadFolders NONE = new UploadFolders(null, null);

    private static final Logger LOG = Logger.getLogger(UploadFolders.class);
    private static final Pattern NAME = Pattern.compile("\\.relais-\\d{1,10}-[0-9a-f]{8}");
    /** A folder older than this is abandoned, since a living gateway touches its folder each hour. */
    private static final Duration ABANDONED = Duration.ofHours(3);
    /** A folder younger than this may still get an owner, while its child's proof runs, which takes milliseconds. */
    private static final Duration PROOF = Duration.ofSeconds(10);
    /** How many owners one call looks at. */
    static final int AT_ONCE = 4;
    /** The most levels that are removed, since scripts may create folders in it too. */
    private static final int DEEPEST = 32;

    private final @Nullable Path base;
    private final @Nullable String name;
    private final AtomicLong last = new AtomicLong();
    private final Map<String, ProcessHandle> owners = new ConcurrentHashMap<>();
    private Iterator<Map.Entry<String, ProcessHandle>> round =
            Collections.emptyIterator(); // the owners still to be looked at
    private Set<String> suspects = Set.of(); // the folders without an owner at the last look

    private UploadFolders(@Nullable Path base, @Nullable String name) {
        this.base = base;
        this.name = name;
    }

    /**
     * The folders below this place.
     *
     * @param name {@code relais-<pid>-<random>}, which no other user can know before PHP has created the folder
     */
    public static UploadFolders below(Path place, String name) {
        return new UploadFolders(place, "." + name);
    }

    /** The folder that contains all of them; null for none. */
    public @Nullable Path root() {
        return base == null ? null : base.resolve(name);
    }

    /** The path of a new folder, which PHP has to create; null for none. */
    public @Nullable Path next() {
        Path root = root();
        return root == null ? null : root.resolve(Long.toString(last.incrementAndGet()));
    }

    /** This process uses the folder from now on; a folder that it used before is removed. */
    public void use(@Nullable Path folder, ProcessHandle process) {
        if (folder != null) {
            removeOf(process);
            owners.put(folder.getFileName().toString(), process);
        }
    }

    /** The process has ended or uses another folder, so its folder is removed. */
    public void removeOf(ProcessHandle process) {
        owners.forEach((folder, owner) -> {
            if (owner.equals(process) && owners.remove(folder, owner)) {
                remove(folder);
            }
        });
    }

    /**
     * Removes the folders of processes that have ended. Each call looks at a few of them, because a look reads /proc, and the calls reach all
     * of them in turn; what a slot hears of is removed at once, by {@link #removeOf}. A process that ended before its proof was complete is
     * not known, so its folder is removed when it has had no owner at two looks in a row. On the supervisor thread.
     */
    public void sweep(ProcReader proc, Instant now) {
        if (!round.hasNext()) {
            round = owners.entrySet().iterator();
        }
        for (int looks = 0; looks < AT_ONCE && round.hasNext(); looks++) {
            Map.Entry<String, ProcessHandle> looked = round.next();
            if (!proc.runs(looked.getValue()) && owners.remove(looked.getKey(), looked.getValue())) {
                remove(looked.getKey());
            }
        }
        Set<String> unowned = new HashSet<>();
        inBase(in -> {
            try (SecureDirectoryStream<Path> all = in.newDirectoryStream(Path.of(name), LinkOption.NOFOLLOW_LINKS)) {
                for (Path entry : all) {
                    String folder = entry.getFileName().toString();
                    if (!owners.containsKey(folder) && isOlder(all, entry.getFileName(), now.minus(PROOF))) {
                        unowned.add(folder);
                    }
                }
            }
        });
        for (String folder : unowned) {
            if (suspects.contains(folder) && !owners.containsKey(folder)) {
                remove(folder);
            }
        }
        suspects = unowned;
    }

    private static boolean isOlder(SecureDirectoryStream<Path> in, Path name, Instant then) throws IOException {
        return attributes(in, name)
                .readAttributes()
                .lastModifiedTime()
                .toInstant()
                .isBefore(then);
    }

    /** Makes the folders look used to a cleaner of old files. */
    public void touch(Instant now) {
        FileTime time = FileTime.from(now);
        inBase(in -> {
            attributes(in, Path.of(name)).setTimes(time, time, null);
            try (SecureDirectoryStream<Path> all = in.newDirectoryStream(Path.of(name), LinkOption.NOFOLLOW_LINKS)) {
                for (Path folder : all) {
                    attributes(all, folder.getFileName()).setTimes(time, time, null);
                }
            }
        });
    }

    /** Removes all folders, after the processes have ended. */
    public void close() {
        owners.clear();
        inBase(in -> remove(in, Path.of(name), 0));
    }

    /** Removes folders of gateways that were killed together with their guards. */
    public void sweepStale(Instant now) {
        inBase(in -> {
            for (Path entry : in) {
                Path each = entry.getFileName();
                if (NAME.matcher(each.toString()).matches()
                        && !each.toString().equals(name)
                        && isOlder(in, each, now.minus(ABANDONED))) {
                    remove(in, each, 0);
                }
            }
        });
    }

    private void remove(String folder) {
        inBase(in -> {
            try (SecureDirectoryStream<Path> all = in.newDirectoryStream(Path.of(name), LinkOption.NOFOLLOW_LINKS)) {
                remove(all, Path.of(folder), 0);
            }
        });
    }

    private interface Work {
        void on(SecureDirectoryStream<Path> in) throws IOException;
    }

    private void inBase(Work work) {
        if (base == null) {
            return;
        }
        try (DirectoryStream<Path> in = Files.newDirectoryStream(base)) {
            if (in instanceof SecureDirectoryStream<Path> secure) {
                work.on(secure);
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.debugf(
                    "Folders for uploads cannot be seen to: directory=%s cause=%s",
                    LogText.value(base), LogText.value(e));
        }
    }

    private static BasicFileAttributeView attributes(SecureDirectoryStream<Path> in, Path name) {
        return in.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** Removes a folder with its content. Each step is relative to the open folder above, so that a symlink cannot redirect it. */
    private static void remove(SecureDirectoryStream<Path> in, Path name, int depth) throws IOException {
        if (!attributes(in, name).readAttributes().isDirectory()) {
            in.deleteFile(name);
            return;
        }
        if (depth < DEEPEST) {
            try (SecureDirectoryStream<Path> inside = in.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
                for (Path entry : inside) {
                    remove(inside, entry.getFileName(), depth + 1);
                }
            }
        }
        in.deleteDirectory(name);
    }
}
