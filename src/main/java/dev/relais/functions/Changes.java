package dev.relais.functions;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The changes of the functions directory on their way to a generation. They are gathered until the directory is quiet, and then told once.
 * Whoever wants to can wait until they are in force or given up. Any thread.
 */
final class Changes {
    /** Looking at all files takes at most one part in so many of a core's time. */
    private static final int FILES_SHARE = 50;

    private final FunctionsConfig config;
    private final Path directory;
    private final long quietNanos;
    /** What was loaded last, even if it was given up. It says where symlinks may lead. */
    private volatile FunctionRegistry loaded;

    private Tree.Scan scanned; // by the last load; of the thread that loads
    private volatile Tree.Scan seen; // by the watch thread or, newer, by a load
    // Guarded by this:
    private Tree last;
    private Tree taken; // by the last load, whether it went well or not; it is not told again
    private long sinceNanos;
    // Of the watch thread:
    private long dueNanos = System.nanoTime();
    private @Nullable IOException failure; // of the last look; null: it went well
    private long failingSinceNanos;
    private boolean told;
    private boolean switching;
    private CompletableFuture<Void> settled = new CompletableFuture<>();

    /** Blocks: looks for the first time. @param inForce what was loaded */
    Changes(FunctionsConfig config, FunctionRegistry inForce) throws IOException {
        this.config = config;
        this.directory = config.directory().toAbsolutePath();
        this.quietNanos = config.quiet().toNanos();
        this.loaded = inForce;
        this.seen = Tree.scan(directory, config, loaded);
        this.scanned = seen;
        this.last = seen.tree();
        this.taken = last;
    }

    /** The directory as it is now. Blocks. */
    Tree tree() throws IOException {
        return Tree.scan(directory, config, loaded).tree();
    }

    /**
     * Looks at the directory: at folders and symlinks each time, at the files when one of those is another, or it is time. So what is
     * put in place by rename shows at once, and all else in a large directory later. Watch thread.
     *
     * @param always at the files in any case
     * @return true once for each change, when it has been quiet
     * @throws IOException when looks have failed for longer than the quiet time; before, a release may just be being put in place
     */
    boolean look(boolean always) throws IOException {
        long begin = System.nanoTime();
        if (always || begin - dueNanos >= 0 || failure == null && seen.traces().differ()) {
            scan(begin);
        }
        long now = System.nanoTime();
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
            seen = Tree.scan(directory, config, loaded);
            failure = null;
        } catch (IOException e) {
            failingSinceNanos = failure == null ? begin : failingSinceNanos;
            failure = e;
        }
        dueNanos = begin + FILES_SHARE * (System.nanoTime() - begin);
    }

    /**
     * Loads so that no change is missed: it looks at the tree before it loads, so that whatever changes meanwhile makes the next look find
     * another tree. Blocks; for one thread.
     */
    FunctionSource.Loaded load(FunctionSource source) throws IOException {
        loaded = source.load().registry();
        scanned = Tree.scan(directory, config, loaded);
        synchronized (this) {
            taken = scanned.tree();
            last = taken;
        }
        seen = scanned;
        return source.load();
    }

    /**
     * What was loaded last.
     *
     * @param served the directory that PHP reads
     */
    Candidate candidate(FunctionRegistry registry, Path served) throws IOException {
        List<Path> scripts = served.equals(directory)
                ? scanned.scripts()
                : Tree.scan(served, config, registry).scripts();
        return new Candidate(registry, scanned.tree(), scripts);
    }

    /**
     * Takes what is there now.
     *
     * @return true once for each change, when it has been quiet
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

    /** A switch begins. It takes all changes that have been seen, even if they cannot be loaded. */
    synchronized void begin() {
        switching = true;
        taken = last;
    }

    /** Whether the directory has changed since the last load, whether that went well or not. */
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
     * Completes at once when no change is on its way.
     *
     * @param longest the wait, for a directory that never is quiet
     */
    synchronized CompletableFuture<Void> settled(Duration longest) {
        if (!switching && last.equals(taken)) {
            return CompletableFuture.completedFuture(null);
        }
        return settled.copy().completeOnTimeout(null, longest.toMillis(), TimeUnit.MILLISECONDS);
    }
}
