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
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An open that hangs delays its caller by a second, and nothing else. */
class FileThreadsTest {
    private static final Path FOLDER = Path.of("/srv/hangs");
    private static final long SECOND = 1_000_000_000;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicLong nanos = new AtomicLong(); // time passes only when the test says so
    private final FileThreads threads = new FileThreads(FileMetersFixture.in(meters), nanos::get);
    private final DefaultEventLoopGroup group = new DefaultEventLoopGroup(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final Semaphore hung = new Semaphore(0);
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
        CompletableFuture<String> hanging = hang();
        aSecondPassesFor(1);
        assertInstanceOf(FileUnavailable.class, failure(hanging));
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
        aSecondPassesFor(FileThreads.THREADS);

        assertEquals("served", behind.get(Patience.SECONDS, TimeUnit.SECONDS));
        // An open that began before its folder was refused hangs too.
        await().until(() -> {
            nanos.addAndGet(SECOND);
            return hanging.stream().allMatch(CompletableFuture::isDone);
        });
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
        CompletableFuture<String> hanging = hang();
        aSecondPassesFor(1);
        failure(hanging);
        release.countDown();

        assertEquals("read", read.get());
    }

    private CompletableFuture<String> hang() {
        return open(opening -> {
            opening.enters(FOLDER);
            hung.release();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return "too late";
        });
    }

    /** Waits until this many more opens hang, and lets a second pass for them. */
    private void aSecondPassesFor(int opens) throws InterruptedException {
        assertTrue(hung.tryAcquire(opens, Patience.SECONDS, TimeUnit.SECONDS));
        nanos.addAndGet(SECOND);
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
