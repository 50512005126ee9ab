package dev.relais.body;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.relais.ConfigurationProblem;
import dev.relais.http.GatewayConfig;
import dev.relais.http.GatewayConfigs;
import dev.relais.telemetry.Meters;
import dev.relais.testing.Patience;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolFileTest {
    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    private Spool spool(String capacity) {
        GatewayConfig config = GatewayConfigs.of(
                Map.of("relais.http.spool-directory", folder.toString(), "relais.http.spool-capacity", capacity));
        return new Spool(config, vertx, Meters.ofSpool());
    }

    @Test
    void whatIsOverTheCapacityHasNoRoomAndTheRestIsGivenBack() throws IOException {
        Spool spool = spool("1K");
        SpoolFile file = new SpoolFile(spool);
        file.write(Unpooled.wrappedBuffer(new byte[1024]), 0);
        assertThrows(Spool.Full.class, () -> file.write(Unpooled.wrappedBuffer(new byte[1]), 1024));
        file.close();
        await().until(() -> spool.hasSpaceFor(1024));
    }

    /** The kernel takes a while to free a large file, which no event loop may wait for. */
    @Test
    void aFileIsClosedOnTheSpoolsOwnThreads() throws IOException {
        Spool spool = spool("1K");
        SpoolFile file = new SpoolFile(spool);
        file.write(Unpooled.wrappedBuffer(new byte[1024]), 0);
        CountDownLatch busy = new CountDownLatch(1);
        for (int i = 0; i < Spool.THREADS; i++) {
            Callable<Void> hanging = () -> {
                busy.await();
                return null;
            };
            spool.work(hanging, (EventLoop) vertx.nettyEventLoopGroup().next(), failure -> {});
        }
        file.close();
        assertFalse(spool.hasSpaceFor(1024), "it is still open");
        busy.countDown();
        await().until(() -> spool.hasSpaceFor(1024));
    }

    @Test
    void aFolderThatIsGoneIsASpoolWithoutRoomAndNoOtherFailure() throws IOException {
        Spool spool = spool("1M");
        spool.check();
        Files.delete(folder);
        assertThrows(Spool.Full.class, () -> new SpoolFile(spool).write(Unpooled.wrappedBuffer(new byte[1]), 0));
        Files.createDirectory(folder);
        new SpoolFile(spool).write(Unpooled.wrappedBuffer(new byte[1]), 0);
    }

    @Test
    void aFolderInWhichNoFileCanBeMadeIsRefusedAtTheStart() throws IOException {
        Spool spool = spool("1M");
        Files.delete(folder);
        ConfigurationProblem problem = assertThrows(ConfigurationProblem.class, spool::check);
        assertTrue(problem.getMessage().startsWith("relais.http.spool-directory=" + folder), problem.getMessage());
        Files.createDirectory(folder);
    }

    /** Only root may mount a small disk. */
    @Test
    void aFullDiskIsASpoolWithoutRoomUntilThereIsRoomAgain() throws Exception {
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=64k", "relais-test", folder.toString()) == 0, "no tmpfs");
        try {
            Spool spool = spool("1M");
            SpoolFile file = new SpoolFile(spool);
            file.write(Unpooled.wrappedBuffer(new byte[32 << 10]), 0);
            assertThrows(Spool.Full.class, () -> file.write(Unpooled.wrappedBuffer(new byte[64 << 10]), 32 << 10));
            file.close();
            await().until(() -> spool.hasSpaceFor(1 << 20));
            new SpoolFile(spool).write(Unpooled.wrappedBuffer(new byte[48 << 10]), 0);
        } finally {
            assertEquals(0, run("umount", "-l", folder.toString()));
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertTrue(process.waitFor(Patience.SECONDS, TimeUnit.SECONDS));
        return process.exitValue();
    }
}
