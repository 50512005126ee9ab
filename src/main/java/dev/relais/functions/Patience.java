package dev.relais.functions;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads that must not hang whoever waits for them. Opening a pipe waits for its other end, and Java can neither ask for an open that does not
 * wait (O_NONBLOCK) nor interrupt one. So each such read has a thread of its own, which is left behind when it takes too long.
 */
final class Patience {
    private static final long SECONDS = 1;

    private Patience() {}

    /**
     * Blocks, a second at most.
     *
     * @throws IOException what the read throws, or that it has not ended
     */
    static <T> T ofOneSecond(String threadName, Callable<T> read) throws IOException {
        FutureTask<T> task = new FutureTask<>(read);
        Thread thread = new Thread(task, threadName);
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IOException("it was not read within " + SECONDS + " s");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while reading");
        }
    }
}
