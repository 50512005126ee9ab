package dev.relais.functions;

import static dev.relais.functions.FunctionFixture.config;
import static dev.relais.functions.FunctionFixture.php;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.events.Events;
import dev.relais.testing.Patience;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Requests for a scan, and the listeners that are called after one. */
class FunctionsRefreshTest extends WatchedFunctions {
    /** Starts with such a long interval that only a refresh sees a change. */
    private void startUnwatched() {
        start(new FunctionFixture.Config(
                directory, Duration.ofSeconds(60), Duration.ofMinutes(1), Optional.empty(), 10));
    }

    @Test
    void aRefreshSeesWhatWasThereWhenItWasAskedFor() throws IOException {
        startUnwatched();
        for (int i = 0; i < 5; i++) {
            php(directory, "f" + i + ".php");
            assertEquals(i + 1, refresh().size());
        }
        assertEquals(5, functions.status().reloads());
    }

    @Test
    void refreshesAskedForWhileAScanRunsShareTheNextOne() throws Exception {
        php(directory, "a.php");
        startUnwatched();
        refresh(); // the watch's own first look is over
        CountDownLatch listening = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        functions.onChange(registry -> {
            listening.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        php(directory, "b.php");
        CompletableFuture<FunctionRegistry> first = functions.refresh().toCompletableFuture();
        assertTrue(listening.await(Patience.SECONDS, TimeUnit.SECONDS));
        php(directory, "c.php");
        CompletableFuture<FunctionRegistry> second = functions.refresh().toCompletableFuture();
        CompletableFuture<FunctionRegistry> third = functions.refresh().toCompletableFuture();
        go.countDown();

        assertEquals(2, first.get(Patience.SECONDS, TimeUnit.SECONDS).size());
        assertEquals(3, second.get(Patience.SECONDS, TimeUnit.SECONDS).size());
        assertSame(second.get(), third.get(Patience.SECONDS, TimeUnit.SECONDS));
        assertEquals(2, functions.status().reloads());
    }

    @Test
    void listenersHearOfEachPublicationOnTheWatchThreadAndMayThrow() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        functions = new Functions(config(directory), new Events());
        functions.onChange(registry -> {
            throw new IllegalStateException("a listener that throws, as this test wants");
        });
        functions.onChange(registry ->
                heard.add(registry.size() + " on " + Thread.currentThread().getName()));
        functions.start(null, 1, folder -> true);
        php(directory, "a.php");
        assertEquals("1 on relais-functions", heard.poll(Patience.SECONDS, TimeUnit.SECONDS));
        php(directory, "b.php");
        assertEquals("2 on relais-functions", heard.poll(Patience.SECONDS, TimeUnit.SECONDS));
    }
}
