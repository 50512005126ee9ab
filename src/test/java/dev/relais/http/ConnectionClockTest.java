package dev.relais.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.telemetry.Meters;
import io.netty.channel.DefaultChannelId;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConnectionClockTest {
    private final MemoryBudgets budgets =
            new MemoryBudgets(GatewayConfigs.of(Map.of()), Meters.ofMemory(), 64 << 20, 64 << 20, 10_000);
    private final HttpConnections connections = new HttpConnections(
            GatewayConfigs.of(Map.of()), Meters.ofConnections(), null, budgets, HeadWriters.plain());
    private final EmbeddedChannel listener = new EmbeddedChannel();

    private EmbeddedChannel connect() {
        return new EmbeddedChannel(
                listener, DefaultChannelId.newInstance(), true, false, new ConnectionClock(connections));
    }

    @Test
    void aConnectionIsLookedAtAsLongAsItIsOpen() {
        EmbeddedChannel channel = connect();
        long nanos = channel.runScheduledPendingTasks();
        assertTrue(nanos > 0 && nanos <= connections.tickNanos(), () -> "" + nanos);
        assertEquals(1, connections.count());
    }

    /** Else all of it would stay in memory until then: of clients that make a connection for each request, gigabytes. */
    @Test
    void nothingWaitsToLookAtAConnectionThatHasClosed() {
        EmbeddedChannel channel = connect();
        channel.close();
        assertEquals(-1, channel.runScheduledPendingTasks());
        assertEquals(0, connections.count());
    }
}
