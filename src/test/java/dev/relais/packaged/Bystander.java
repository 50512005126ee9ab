package dev.relais.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Patience;
import dev.relais.testing.RawClient;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A client that calls {@code /api/hello} all the time while another function does harm, and wants a prompt 200 each time. */
final class Bystander implements AutoCloseable {
    /** Far more than a call takes on an overloaded machine, and less than the ten seconds that it may wait for a child. */
    private static final long PROMPT_MILLIS = 9_000;

    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final AtomicInteger lost = new AtomicInteger();
    private final Future<Integer> calls;
    private volatile boolean mayLose;

    Bystander(int port) {
        calls = thread.submit(() -> call(port));
    }

    private int call(int port) throws Exception {
        int count = 0;
        try (RawClient client = RawClient.connect(port)) {
            for (; !over.await(2, TimeUnit.MILLISECONDS); count++) {
                long begin = System.nanoTime();
                int status = client.get("/api/hello").answer().status();
                if (status == 502 && mayLose) {
                    lost.incrementAndGet();
                } else {
                    assertEquals(200, status);
                }
                long millis = (System.nanoTime() - begin) / 1_000_000;
                assertTrue(millis < PROMPT_MILLIS, "answered after " + millis + " ms");
            }
        }
        return count;
    }

    /** From now on the test kills processes whatever they run, which may be a call of this client. */
    void mayLoseItsProcess() {
        mayLose = true;
    }

    /** How many calls lost their process. */
    int lost() {
        return lost.get();
    }

    /** Whether a call was not answered as it should be. */
    boolean hasFailed() {
        return calls.isDone();
    }

    /** Ends the calls. Throws what one of them failed with. */
    @Override
    public void close() throws Exception {
        over.countDown();
        try {
            assertTrue(calls.get(Patience.SECONDS, TimeUnit.SECONDS) > 0);
        } finally {
            thread.shutdownNow();
        }
    }
}
