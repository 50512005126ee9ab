package dev.relais.gateway;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The clients' connections: limits how long each may idle, and winds them down when the gateway stops. Any thread.
 *
 * <p>Netty hands each accepted channel to {@link AcceptedChannels}, a service-loaded class that finds this bean through
 * {@link #current}: Vert.x offers no hook before the first request, and a head that never completes comes before that.
 */
@Singleton
public class HttpConnections {
    private static volatile HttpConnections current;

    private final long idleNanos;
    private final Set<ConnectionClock> open = ConcurrentHashMap.newKeySet();
    private final Set<Channel> listeners = ConcurrentHashMap.newKeySet();
    private volatile boolean accepting = true;

    @Inject
    HttpConnections(GatewayConfig config) {
        this.idleNanos = config.idleTimeout().toNanos();
    }

    /** Begins to track what is accepted from now on. Before the first use of a Netty bootstrap, which reads the property once. */
    public void start() {
        System.setProperty(ChannelInitializerExtension.EXTENSIONS_SYSTEM_PROPERTY, "serviceload");
        current = this;
    }

    /** Null before the start. */
    static HttpConnections current() {
        return current;
    }

    /** Accepts no more connections on the ports that have served functions. Idempotent. */
    public void stopAccepting() {
        accepting = false;
        listeners.forEach(Channel::close);
    }

    /** Closes connections on which nothing has happened for so long. */
    public void closeIdle(long nanos) {
        open.forEach(clock -> clock.closeIfIdleFor(nanos));
    }

    /** How many are open, those of the management port included. */
    public int count() {
        return open.size();
    }

    long idleNanos() {
        return idleNanos;
    }

    void opened(ConnectionClock clock) {
        open.add(clock);
    }

    void closed(ConnectionClock clock) {
        open.remove(clock);
    }

    /** The channel serves functions, so its listener is of the public port. */
    void serves(Channel channel) {
        Channel listener = channel.parent();
        if (listener != null && listeners.add(listener) && !accepting) {
            listener.close();
        }
    }
}
