package dev.relais.body;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.http.GatewayConfig;
import dev.relais.http.GatewayConfigs;
import dev.relais.telemetry.Meters;
import dev.relais.testing.Patience;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpooledAnswersTest {
    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final AtomicReference<ByteBuffer> kept = new AtomicReference<>();

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    private Spool spool(Path directory) {
        GatewayConfig config = GatewayConfigs.of(
                Map.of("relais.http.spool-directory", directory.toString(), "relais.http.spool-capacity", "1K"));
        return new Spool(config, vertx, Meters.ofSpool());
    }

    private static ByteBuf bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return Unpooled.wrappedBuffer(bytes);
    }

    @Test
    void theBytesAreInAFileAsLongAsSomebodyHasIt() {
        Spool spool = spool(folder);
        new SpooledAnswers(spool).copy(bytes(1000), kept::set);
        await().until(() -> kept.get() != null);
        assertEquals(bytes(1000), Unpooled.wrappedBuffer(kept.get()));
        assertFalse(spool.takes(25));
        kept.set(null);
        await().until(() -> {
            System.gc();
            boolean space = spool.takes(1024);
            if (space) {
                spool.giveBack(1024);
            }
            return space;
        });
    }

    @Test
    void whatTheSpoolHasNoRoomForStaysInMemory() {
        Spool spool = spool(folder);
        new SpooledAnswers(spool).copy(bytes(1025), kept::set);
        new SpooledAnswers(spool, 0).copy(bytes(10), kept::set); // too many are mapped
        assertTrue(spool.takes(1024));
        assertNull(kept.get());
    }

    @Test
    void aFileThatCannotBeMadeTakesNoRoom() {
        Spool spool = spool(folder.resolve("missing"));
        new SpooledAnswers(spool).copy(bytes(1000), kept::set);
        await().until(() -> {
            boolean space = spool.takes(1024);
            if (space) {
                spool.giveBack(1024);
            }
            return space;
        });
        assertNull(kept.get());
    }
}
