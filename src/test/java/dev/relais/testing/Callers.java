package dev.relais.testing;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Clients that call one function repeatedly without a pause, each over its own connection, until they are closed. */
public final class Callers implements AutoCloseable {
    private final ExecutorService threads;
    private final List<Future<?>> calls = new ArrayList<>();
    private final AtomicInteger answered = new AtomicInteger();
    private volatile boolean over;

    private Callers(int count) {
        this.threads = Executors.newFixedThreadPool(count);
    }

    /** Starts clients that want a 200 each time. */
    public static Callers start(int count, int port, String target) {
        return start(count, port, target, answer -> assertEquals(200, answer.status()));
    }

    /**
     * Starts clients.
     *
     * @param check throws at a wrong answer; the client then ends, and {@link #close} throws
     */
    public static Callers start(int count, int port, String target, Consumer<Answer> check) {
        return start(count, port, "localhost", target, check);
    }

    /** Starts clients of a site. */
    public static Callers start(int count, int port, String host, String target, Consumer<Answer> check) {
        Callers callers = new Callers(count);
        for (int i = 0; i < count; i++) {
            callers.calls.add(callers.threads.submit(() -> callers.call(port, host, target, check)));
        }
        return callers;
    }

    private Void call(int port, String host, String target, Consumer<Answer> check) throws IOException {
        try (RawClient client = RawClient.connect(port)) {
            while (!over) {
                check.accept(client.head("GET " + target + " HTTP/1.1", "Host: " + host)
                        .answer());
                answered.incrementAndGet();
            }
        }
        return null;
    }

    /** Waits for this many more answers. Throws what ended a client. */
    public void awaitMore(int answers) throws Exception {
        int from = answered.get();
        await().pollInterval(Duration.ofMillis(5)).until(() -> answered.get() >= from + answers || hasFailed());
        if (hasFailed()) {
            close();
        }
    }

    /** Whether a client has ended with a failure. */
    public boolean hasFailed() {
        return !over && calls.stream().anyMatch(Future::isDone);
    }

    /** Waits for the last answers. Throws what ended a client. May be called again. */
    @Override
    public void close() throws Exception {
        over = true;
        try {
            for (Future<?> call : calls) {
                call.get(Patience.SECONDS, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
