package dev.relais.functions;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The changes of the functions directory on their way to a generation: gathered until it is quiet, then told once; and waited for until
 * they are in force or given up. Any thread.
 */
final class Changes {
    private final FunctionsConfig config;
    private final Path directory;
    private final long quietNanos;
    private volatile FunctionRegistry
            loaded; // the last that was: says where symlinks may lead, also if it was given up
    private Tree last;
    private Tree taken; // by a load, for better or worse: not told again
    private long sinceNanos;
    private boolean told;
    private boolean switching;
    private CompletableFuture<Void> settled = new CompletableFuture<>();

    /** Blocks: looks for the first time. @param inForce what was loaded */
    Changes(FunctionsConfig config, FunctionRegistry inForce) throws IOException {
        this.config = config;
        this.directory = config.directory().toAbsolutePath();
        this.quietNanos = config.quiet().toNanos();
        this.loaded = inForce;
        this.last = tree();
        this.taken = last;
    }

    /** The directory as it is now. Blocks. */
    Tree tree() throws IOException {
        return Tree.scan(directory, config, loaded).tree();
    }

    /** Loads so that no change is missed: what comes after the look at the tree makes it another one. Blocks. */
    FunctionSource.Loaded load(FunctionSource source) throws IOException {
        loaded = source.load(true).registry();
        Tree tree = tree();
        synchronized (this) {
            taken = tree;
            last = tree;
        }
        return source.load(true);
    }

    /** @param served the directory that PHP reads */
    Candidate candidate(FunctionRegistry registry, Path served) throws IOException {
        Tree tree;
        synchronized (this) {
            tree = taken;
        }
        return new Candidate(registry, tree, Tree.scan(served, config, registry).scripts());
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
