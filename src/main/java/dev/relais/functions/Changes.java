package dev.relais.functions;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The changes of the functions directory on their way to a generation: gathered until it is quiet, then told once; and waited for until
 * they are in force or given up. Any thread.
 */
final class Changes {
    /** Looking at all files takes one part in so many of a core. */
    private static final int FILES_SHARE = 50;

    private final FunctionsConfig config;
    private final Path directory;
    private final long quietNanos;
    /** The last that was, also if it was given up: says where symlinks may lead. */
    private volatile FunctionRegistry loaded;

    private Tree.Scan scanned; // by the load; of the thread that loads
    private Tree last;
    private Tree taken; // by a load, for better or worse: not told again
    private long sinceNanos;
    private volatile Tree.Scan seen; // by the watch thread or, newer, by a load
    private long dueNanos = System.nanoTime(); // watch thread
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
     */
    boolean look(boolean always) throws IOException {
        long begin = System.nanoTime();
        if (always || begin - dueNanos >= 0 || seen.traces().differ()) {
            seen = Tree.scan(directory, config, loaded);
            long took = System.nanoTime() - begin;
            dueNanos = begin + FILES_SHARE * took;
        }
        return look(seen.tree(), System.nanoTime());
    }

    /** Loads so that no change is missed: what comes after the look at the tree makes it another one. Blocks; for one thread. */
    FunctionSource.Loaded load(FunctionSource source) throws IOException {
        loaded = source.load(true).registry();
        scanned = Tree.scan(directory, config, loaded);
        synchronized (this) {
            taken = scanned.tree();
            last = taken;
        }
        seen = scanned;
        return source.load(true);
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

    /** A switch begins. */
    synchronized void begin() {
        switching = true;
    }

    /** The switch is over. */
    void settle() {
        CompletableFuture<Void> over;
        synchronized (this) {
            switching = false;
            taken = told ? last : taken; // also when it could not even be loaded
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
