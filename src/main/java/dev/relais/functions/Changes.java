package dev.relais.functions;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the changes of the functions directory for a new generation. Once the directory is quiet they are reported together.
 * A caller can wait until they are in force or given up. Any thread.
 */
final class Changes {
    /** Looking at all files takes at most 1/50 of a core's time. */
    private static final int FILES_SHARE = 50;

    private final FunctionsConfig config;
    private final Path directory;
    private final long quietNanos;
    private final InstantSource clock;
    private final LongSupplier nanos;
    /** The registry that was loaded last, even if it was given up. Its settings say where symlinks may lead. */
    private volatile FunctionRegistry loaded;

    private Tree.Scan scanned; // of the last load; confined to the thread that loads
    private volatile Tree.Scan seen; // written by the watch thread, or by a newer load
    // The following fields are guarded by this:
    private Tree last;
    private Tree taken; // the tree of the last load, whether that succeeded or not; it is not reported again
    private long sinceNanos;
    // The following fields are confined to the watch thread:
    private long dueNanos;
    private @Nullable IOException failure; // of the last look; null when it succeeded
    private long failingSinceNanos;
    private boolean told;
    private boolean switching;
    private CompletableFuture<Void> settled = new CompletableFuture<>();

    /**
     * Looks at the directory for the first time, and blocks meanwhile.
     *
     * @param inForce the registry that was loaded
     * @param nanos as {@link System#nanoTime}
     */
    Changes(FunctionsConfig config, FunctionRegistry inForce, InstantSource clock, LongSupplier nanos)
            throws IOException {
        this.config = config;
        this.directory = config.directory().toAbsolutePath();
        this.quietNanos = config.quiet().toNanos();
        this.clock = clock;
        this.nanos = nanos;
        this.loaded = inForce;
        this.dueNanos = nanos.getAsLong();
        this.seen = Tree.scanWithSites(directory, config, loaded, clock.instant());
        this.scanned = seen;
        this.last = seen.tree();
        this.taken = last;
    }

    /** The directory as it is now. Blocks. */
    Tree tree() throws IOException {
        return Tree.scanWithSites(directory, config, loaded, clock.instant()).tree();
    }

    /**
     * Looks at the directory. Folders and symlinks are looked at each time; the files are when a folder or symlink differs, or
     * when their turn has come. So a change made by rename is found at once, and any other change in a large directory is found
     * later. Called by the watch thread.
     *
     * @param always whether to look at the files in any case
     * @return true once for each change, when the directory has been quiet for long enough
     * @throws IOException when looks have failed for longer than the quiet time; a shorter failure may be a release that is
     *     just being put in place
     */
    boolean look(boolean always) throws IOException {
        long begin = nanos.getAsLong();
        if (always || begin - dueNanos >= 0 || failure == null && seen.traces().differ()) {
            scan(begin);
        }
        long now = nanos.getAsLong();
        if (failure == null) {
            return look(seen.tree(), now);
        }
        if (now - failingSinceNanos > quietNanos) {
            throw failure;
        }
        return false;
    }

    private void scan(long begin) {
        try {
            seen = Tree.scanWithSites(directory, config, loaded, clock.instant());
            failure = null;
        } catch (IOException e) {
            failingSinceNanos = failure == null ? begin : failingSinceNanos;
            failure = e;
        }
        dueNanos = begin + FILES_SHARE * (nanos.getAsLong() - begin);
    }

    /**
     * Loads so that no change is missed. It looks at the tree before it loads, so that the next look finds another tree if
     * something changes meanwhile. Blocks; only one thread may load.
     */
    FunctionSource.Loaded load(FunctionSource source) throws IOException {
        loaded = source.load().registry();
        scanned = Tree.scanWithSites(directory, config, loaded, clock.instant());
        synchronized (this) {
            taken = scanned.tree();
            last = taken;
        }
        seen = scanned;
        return source.load();
    }

    /**
     * The candidate that was loaded last.
     *
     * @param served the directory that PHP reads
     */
    Candidate candidate(FunctionRegistry registry, Path served) throws IOException {
        List<Path> scripts = served.equals(directory)
                ? scanned.scripts()
                : Tree.scan(served, config, registry, clock.instant()).scripts();
        return new Candidate(registry, scanned.tree(), scripts);
    }

    /**
     * Takes the tree that is there now.
     *
     * @return true once for each change, when the directory has been quiet for long enough
     */
    synchronized boolean look(Tree now, long nowNanos) {
        if (!now.equals(last)) {
            last = now;
            sinceNanos = nowNanos;
            told = false;
        }
        if (told || last.equals(taken) || nowNanos - sinceNanos < quietNanos) {
            return false;
        }
        told = true;
        return true;
    }

    /** A switch begins. It covers all changes that have been seen, even if they cannot be loaded. */
    synchronized void begin() {
        switching = true;
        taken = last;
    }

    /** Whether the directory has changed since the last load, whether or not that load succeeded. */
    synchronized boolean haveChanged() {
        return !last.equals(taken);
    }

    /** The switch is over. */
    void settle() {
        CompletableFuture<Void> over;
        synchronized (this) {
            switching = false;
            over = settled;
            settled = new CompletableFuture<>();
        }
        over.complete(null);
    }

    /**
     * Completes when no change waits for a generation, which may be at once.
     *
     * @param longest how long to wait at most, since a directory may never be quiet
     */
    synchronized CompletableFuture<Void> settled(Duration longest) {
        if (!switching && last.equals(taken)) {
            return CompletableFuture.completedFuture(null);
        }
        return settled.copy().completeOnTimeout(null, longest.toMillis(), TimeUnit.MILLISECONDS);
    }
}
