package dev.relais.worker;

import dev.relais.LogText;
import dev.relais.slot.PreloadStudy;
import dev.relais.slot.Worker;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Learns from the worker of a generation that serves what the masters of the next one can preload. It takes one child for half a second at
 * a time, between requests. Blocks.
 */
final class PreloadLearning {
    private static final Logger LOG = Logger.getLogger(PreloadLearning.class);
    private static final int MOST_EXCHANGES = 200;
    private static final int MOST_TEXT = 8 << 20;
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private PreloadLearning() {}

    /**
     * @param folder all scripts of the functions directory
     * @param successors gives the script that is to be preloaded for one that was used; null for none
     * @param nanos the clock of intervals, as {@link System#nanoTime}
     * @return scripts, each with a class that it declares; empty when nothing could be learned
     */
    static Map<Path, String> run(
            Generation generation, List<Path> folder, Function<Path, @Nullable Path> successors, LongSupplier nanos)
            throws InterruptedException {
        Worker worker = generation.workers().get(0);
        try {
            PreloadStudy study = generation.launcher().study(folder, successors);
            ByteBuf request = study.next();
            for (int i = 0; request != null && i < MOST_EXCHANGES; i++) {
                long limit = nanos.getAsLong() + LIMIT_NANOS;
                study.take(Trial.run(worker, "preload", request, nanos, limit, MOST_TEXT)
                        .get()
                        .text());
                request = study.next();
            }
            if (request != null) {
                request.release();
            }
            return study.admitted();
        } catch (IOException | ExecutionException | RuntimeException e) {
            LOG.warnf("Nothing is learned for preloading: cause=%s", LogText.value(e));
            return Map.of();
        }
    }
}
