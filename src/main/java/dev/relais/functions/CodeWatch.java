package dev.relais.functions;

import dev.relais.LogText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tells which files have changed below the functions directory and where its symlinks may lead, so that PHP need not ask the disk at each
 * request. What is seen within two milliseconds is told together; where something changes all the time, it is told a few times a second.
 *
 * <p>What was told is told once more as doubtful a little later: a child that had begun to compile a file just before it changed may have
 * put old code into the cache just after it was told. Confined to its thread, but for what says otherwise.
 */
final class CodeWatch implements FolderWatch.Sink {
    private static final Logger LOG = Logger.getLogger(CodeWatch.class);
    static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(400);
    private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long YOUNG_NANOS = TimeUnit.MILLISECONDS.toNanos(700);
    /** A first look that takes longer may end when requests are served already: the first child needs about as long to answer. */
    private static final long LONG_SCAN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Looking at all files takes at most one part in so many of the time. */
    private static final int SCAN_SHARE = 50;
    /** More names than this are not kept: then any file may have changed. */
    private static final int MOST_NAMES = 5_000;

    /** Where the folders are, and how they are followed. */
    interface Folders {
        /** Looks at all folders as they are now and follows them. Blocks. */
        Followed follow() throws IOException;

        /** Equal for as long as the directory and the places of its symlinks are the same ones. Blocks shortly; any thread. */
        Object place();
    }

    /**
     * What is followed.
     *
     * @param young whether some folder may have changed while they were looked at, so that it has to be done again
     */
    record Followed(FolderWatch watch, Set<Path> folders, boolean young) {}

    private final Folders folders;
    private final Consumer<CodeChange> listener;
    private final LongSupplier nanos;
    private final Thread thread;
    private @Nullable FolderWatch watch; // null: none yet, or it failed
    private Set<Path> followed = Set.of();
    private final Set<String> changed = new HashSet<>();
    private final Set<String> told = new HashSet<>(); // to be told again
    private @Nullable Set<Path> arrivals; // folders that the watch which is left tells of; null: none is left
    private boolean all;
    private boolean toldAll;
    private boolean tells; // something is to be told
    private long tellAt;
    private long pause = FIRST_PAUSE_NANOS; // between two
    private long toldAt;
    private boolean again;
    private long firstAt; // of what is to be told again
    private long againAt;
    private boolean scans; // a scan is to be made
    private boolean failed; // the last one has
    private long scanAt;
    private @Nullable String failure; // of the last scan; null: none
    private volatile Object place; // as it was last
    private volatile boolean renew = true;
    private volatile boolean stopped;

    /** @param nanos the clock of intervals, as {@link System#nanoTime} */
    CodeWatch(Folders folders, Consumer<CodeChange> listener, LongSupplier nanos) {
        this.folders = folders;
        this.listener = listener;
        this.place = folders.place();
        this.nanos = nanos;
        this.toldAt = nanos.getAsLong() - IDLE_NANOS;
        this.scanAt = nanos.getAsLong();
        this.thread = new Thread(this::run, "relais-code");
        thread.setDaemon(true);
    }

    /** One whose thread runs. */
    static CodeWatch start(Folders folders, Consumer<CodeChange> listener, LongSupplier nanos) {
        CodeWatch watch = new CodeWatch(folders, listener, nanos);
        watch.thread.start();
        return watch;
    }

    /** Tells at once of scripts that have changed, if there are any. Any thread. */
    void tell(Set<String> scripts) {
        if (!scripts.isEmpty()) {
            listener.accept(new CodeChange(scripts, Set.of(), false));
        }
    }

    /** The functions were loaded anew: the directory may be another one. Blocks shortly; for the one thread that loads. */
    void loaded() {
        Object now = folders.place();
        if (!now.equals(place)) {
            place = now;
            renew = true;
            thread.interrupt();
        }
    }

    /** Returns at once; what is told meanwhile is the last. Any thread. */
    void stop() {
        stopped = true;
        thread.interrupt();
    }

    private void run() {
        while (!stopped) {
            try {
                step();
            } catch (InterruptedException e) {
                // It is to stop, or to look anew.
            } catch (RuntimeException e) {
                LOG.error("Changed code cannot be followed for a moment", e);
                drop();
                scanAt = nanos.getAsLong() + RETRY_NANOS;
            }
        }
        drop();
    }

    /** Waits for one change or moment, and does what is due. */
    void step() throws InterruptedException {
        if (renew) {
            renew = false;
            scans = true;
        }
        if ((scans || watch == null) && nanos.getAsLong() - scanAt >= 0) {
            scan();
        }
        FolderWatch current = watch;
        if (current == null) {
            TimeUnit.NANOSECONDS.sleep(Math.max(1, scanAt - nanos.getAsLong()));
            return;
        }
        current.await(Math.max(0, untilDue()), this);
        long now = nanos.getAsLong();
        if (again && now - againAt >= 0) {
            again = false;
            listener.accept(new CodeChange(Set.of(), toldAll ? Set.of() : told, toldAll));
            told.clear();
            toldAll = false;
        }
        if (tells && now - tellAt >= 0) {
            tell(now);
        }
    }

    private long untilDue() {
        long now = nanos.getAsLong();
        long left = IDLE_NANOS;
        left = tells ? Math.min(left, tellAt - now) : left;
        left = again ? Math.min(left, againAt - now) : left;
        return scans ? Math.min(left, scanAt - now) : left;
    }

    /** The folders are followed anew before the former watch is asked for the last time: no change is missed between the two. */
    private void scan() throws InterruptedException {
        scans = false;
        long began = nanos.getAsLong();
        FolderWatch former = watch;
        Set<Path> more = new HashSet<>();
        boolean young = false;
        try {
            Followed now = folders.follow();
            watch = now.watch();
            more.addAll(now.folders());
            more.removeAll(followed);
            young = now.young();
            followed = now.folders();
            failure = null;
        } catch (IOException e) {
            watch = null;
            if (!FunctionNames.reason(e).equals(failure)) {
                failure = FunctionNames.reason(e);
                LOG.warnf(
                        "Changed code shows some seconds later, the folders cannot be looked at: cause=%s",
                        LogText.value(failure));
            }
        }
        long now = nanos.getAsLong();
        scanAt = now + Math.max(watch == null ? RETRY_NANOS : young ? YOUNG_NANOS : 0, SCAN_SHARE * (now - began));
        scans = young;
        if (former != null) {
            Thread.interrupted(); // else it would not be asked
            leave(former);
            if (watch != null && !more.isEmpty()) {
                // What was put into a new folder before it was followed may have changed since, and kept its time.
                more.forEach(this::follow);
                toldAll = true;
                recheck(now);
            }
        } else if (watch != null && (failed || now - began > LONG_SCAN_NANOS)) {
            due(); // requests have been served while nothing was followed
            all = true;
        }
        failed = watch == null;
    }

    /** Asks a watch for the last time. Folders that came after all were looked at are followed by it alone until then. */
    private void leave(FolderWatch former) throws InterruptedException {
        Set<Path> late = new HashSet<>();
        arrivals = late;
        former.await(0, this);
        former.close();
        arrivals = null;
        late.forEach(this::follow);
    }

    private void follow(Path folder) {
        FolderWatch current = watch;
        if (current != null) {
            current.follow(folder, this);
        }
    }

    private void tell(long now) {
        tells = false;
        pause = now - toldAt < TimeUnit.SECONDS.toNanos(1)
                ? Math.min(2 * pause, LONGEST_PAUSE_NANOS)
                : FIRST_PAUSE_NANOS;
        toldAt = now;
        // By name also where any file may have changed: what is doubtful is dropped only if it has another time.
        listener.accept(new CodeChange(changed, Set.of(), all));
        recheck(now);
        told.addAll(changed);
        toldAll |= all || told.size() > MOST_NAMES;
        changed.clear();
        all = false;
    }

    private void recheck(long now) {
        firstAt = again ? firstAt : now;
        again = true;
        againAt = Math.min(now + AGAIN_NANOS, firstAt + 2 * AGAIN_NANOS);
    }

    private void due() {
        if (!tells) {
            tells = true;
            long now = nanos.getAsLong();
            tellAt = now + Math.max(GATHER_NANOS, toldAt + pause - now);
        }
    }

    @Override
    public void changed(Path file) {
        due();
        if (changed.size() < MOST_NAMES) {
            changed.add(file.toString());
        } else {
            all = true;
        }
    }

    @Override
    public void arrived(Path folder) {
        if (arrivals != null) {
            arrivals.add(folder);
        }
    }

    @Override
    public void moreFolders() {
        scans = true;
    }

    @Override
    public void unknown() {
        due();
        all = true;
        scans = true;
    }

    private void drop() {
        FolderWatch current = watch;
        watch = null;
        if (current != null) {
            current.close();
        }
    }
}
