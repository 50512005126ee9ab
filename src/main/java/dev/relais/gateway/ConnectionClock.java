package dev.relais.gateway;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.concurrent.TimeUnit;

/**
 * Closes a client's connection that has had no invocation running, and been sent nothing, for the idle time. It thereby limits
 * the time between requests and the time a request head may take, counted from the connection's start or the last answer, not
 * from the last byte received; and never ends a running invocation, as Quarkus' own idle timer would (DESIGN.md fact 21).
 *
 * <p>The first handler of an accepted channel; confined to its event loop. One timer per connection, not one per request.
 */
final class ConnectionClock extends ChannelDuplexHandler {
    private static final AttributeKey<ConnectionClock> KEY = AttributeKey.valueOf("relais.connection-clock");

    private final HttpConnections connections;
    private Channel channel;
    private int running;
    private long idleSinceNanos;

    ConnectionClock(HttpConnections connections) {
        this.connections = connections;
    }

    /** The clock of a request's connection; null where connections are not tracked (dev and test mode). */
    static ConnectionClock of(HttpServerRequest request) {
        return ((ConnectionBase) request.connection()).channel().attr(KEY).get();
    }

    /** An invocation begins on this connection (of which HTTP/2 may run several). */
    void begin() {
        running++;
        if (running == 1) {
            connections.serves(channel);
        }
    }

    void end() {
        running--; // the answer's flush has set the time
    }

    /** Closes the connection unless it has been of use within this time. Any thread. */
    void closeIfIdleFor(long nanos) {
        channel.eventLoop().execute(() -> {
            if (running == 0 && System.nanoTime() - idleSinceNanos >= nanos) {
                channel.close();
            }
        });
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
        channel.attr(KEY).set(this);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        idleSinceNanos = System.nanoTime();
        connections.opened(this);
        check();
        super.channelActive(context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        connections.closed(this);
        super.channelInactive(context);
    }

    @Override
    public void flush(ChannelHandlerContext context) throws Exception {
        idleSinceNanos = System.nanoTime();
        super.flush(context);
    }

    private void check() {
        if (!channel.isActive()) {
            return;
        }
        long left =
                running > 0 ? connections.idleNanos() : idleSinceNanos + connections.idleNanos() - System.nanoTime();
        if (left <= 0) {
            channel.close();
        } else {
            channel.eventLoop().schedule(this::check, left, TimeUnit.NANOSECONDS);
        }
    }
}
