package dev.relais.files;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.telemetry.FileMetersFixture;
import dev.relais.testing.Patience;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An open that hangs delays its caller by a second, and nothing else. */
class FileThreadsTest {
    private static final Path FOLDER = Path.of("/srv/hangs");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final FileThreads threads = new FileThreads(FileMetersFixture.in(meters));
    private final DefaultEventLoopGroup group = new DefaultEventLoopGroup(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger discarded = new AtomicInteger();

    @AfterEach
    void stop() {
        release.countDown();
        threads.stop();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void whatIsOpenedIsTold() throws Exception {
        assertEquals("open", open(opening -> "open").get());
        assertEquals(0, discarded.get());
    }

    @Test
    void aFailureIsTold() {
        assertInstanceOf(IOException.class, failure(open(opening -> {
            throw new IOException("as this test wants");
        })));
    }

    @Test
    void anOpenThatHangsIsGivenUpCountedAndItsFolderRefused() throws Exception {
        assertInstanceOf(FileUnavailable.class, failure(hang()));
        assertEquals(1, meters.counter("relais.files.hung").count());
        assertEquals(1, meters.get("relais.files.threads.hung").gauge().value());

        assertInstanceOf(FileUnavailable.class, failure(open(opening -> {
            opening.enters(FOLDER);
            return "never";
        })));
        assertEquals(1, meters.counter("relais.files.refused").count());
        assertEquals(
                "other",
                open(opening -> {
                            opening.enters(Path.of("/srv/other"));
                            return "other";
                        })
                        .get());

        release.countDown();
        await("what came too late is thrown away").until(() -> discarded.get() == 1);
        await().until(() -> meters.get("relais.files.threads.hung").gauge().value() == 0);
    }

    @Test
    void threadsThatHangAreReplaced() throws Exception {
        List<CompletableFuture<String>> hanging = new ArrayList<>();
        for (int i = 0; i < FileThreads.THREADS + 5; i++) {
            hanging.add(hang());
        }
        CompletableFuture<String> behind = open(opening -> "served");

        assertEquals("served", behind.get(Patience.SECONDS, TimeUnit.SECONDS));
        for (CompletableFuture<String> one : hanging) {
            assertInstanceOf(FileUnavailable.class, failure(one));
        }
        assertTrue(meters.counter("relais.files.hung").count() >= FileThreads.THREADS);
    }

    @Test
    void readsHaveNoTimeLimit() throws Exception {
        CompletableFuture<String> read = new CompletableFuture<>();
        EventLoop loop = group.next();
        loop.execute(() -> threads.read(
                () -> {
                    release.await();
                    return "read";
                },
                loop,
                (result, failure) -> read.complete(result)));
        failure(hang()); // a second has passed
        release.countDown();

        assertEquals("read", read.get());
    }

    private CompletableFuture<String> hang() {
        return open(opening -> {
            opening.enters(FOLDER);
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return "too late";
        });
    }

    private CompletableFuture<String> open(Offload.Search<String> work) {
        CompletableFuture<String> told = new CompletableFuture<>();
        EventLoop loop = group.next();
        loop.execute(() -> threads.open(work, late -> discarded.incrementAndGet(), loop, (result, failure) -> {
            assertTrue(loop.inEventLoop());
            if (failure == null) {
                told.complete(result);
            } else {
                told.completeExceptionally(failure);
            }
        }));
        return told;
    }

    private static Throwable failure(CompletableFuture<String> future) {
        try {
            throw new AssertionError("opened: " + future.get(Patience.SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
