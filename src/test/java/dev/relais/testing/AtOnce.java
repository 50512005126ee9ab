package dev.relais.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Cases of one test that wait for the same time-out: they wait for it together, each on a thread of its own, instead of one after the other. */
public final class AtOnce {
    /**
     * What is tried for each case.
     *
     * @param <T> what tells one from the others
     */
    public interface Trial<T> {
        void of(T one) throws Exception;
    }

    private AtOnce() {}

    /**
     * Tries all cases. Fails when one of them does, after all have ended, and tells which.
     *
     * @param most how many are tried at a time
     */
    public static <T> void each(int most, Iterable<T> cases, Trial<T> trial) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(most);
        try {
            List<Future<?>> trials = new ArrayList<>();
            for (T one : cases) {
                trials.add(threads.submit(() -> told(one, trial)));
            }
            AssertionError failed = new AssertionError("some of the cases failed");
            for (Future<?> each : trials) {
                try {
                    each.get(5L * Patience.SECONDS, TimeUnit.SECONDS);
                } catch (java.util.concurrent.ExecutionException e) {
                    failed.addSuppressed(e.getCause());
                }
            }
            if (failed.getSuppressed().length > 0) {
                throw failed;
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static <T> Void told(T one, Trial<T> trial) {
        try {
            trial.of(one);
            return null;
        } catch (Throwable e) {
            throw new AssertionError("failed: " + one, e);
        }
    }
}
