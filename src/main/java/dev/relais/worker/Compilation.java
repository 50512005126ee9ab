package dev.relais.worker;

import dev.relais.LogText;
import dev.relais.slot.ScriptCompiler;
import dev.relais.slot.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Compiles scripts in each worker of a generation, whose children share the result. So no request has to wait for it, and where
 * the files are not checked for changes the generation never reads the scripts from the disk again. A script that does not
 * compile is no failure, because it may never be run. Any thread.
 */
public final class Compilation {
    private static final Logger LOG = Logger.getLogger(Compilation.class);
    /** The most exchanges with a worker. Each exchange compiles for a second, or gets to a script that ends PHP. */
    private static final int MOST_EXCHANGES = 1_000;

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Generation generation;
    private final ScriptCompiler compiler;
    private final LongSupplier nanos;

    Compilation(Generation generation, ScriptCompiler compiler, LongSupplier nanos) {
        this.generation = generation;
        this.compiler = compiler;
        this.nanos = nanos;
    }

    /**
     * Runs on all workers at once.
     *
     * @param deadlineNanos the end by the clock of intervals; what is not compiled by then is left out
     * @return completes when all workers have finished; never fails
     */
    public CompletableFuture<Void> run(long deadlineNanos) {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (Worker worker : generation.workers()) {
            all.add(from(worker, 0, 0, deadlineNanos));
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<Void> from(Worker worker, int script, int exchanges, long deadlineNanos) {
        long now = nanos.getAsLong();
        long limit = now + Math.min(LIMIT_NANOS, deadlineNanos - now);
        return Trial.run(worker, "opcache", compiler.request(script), nanos, limit)
                .thenCompose(reply -> {
                    int next = compiler.next(reply.text());
                    if (next >= 0 && exchanges < MOST_EXCHANGES) {
                        return from(worker, next, exchanges + 1, deadlineNanos);
                    }
                    if (next != ScriptCompiler.DONE) {
                        LOG.warnf(
                                "Not all scripts are compiled beforehand, perhaps opcache is off or too small: worker=%d scripts=%d reason=%s",
                                worker.id(), compiler.count(), LogText.value(reply.text()));
                    }
                    return CompletableFuture.completedFuture(null);
                });
    }
}
