package dev.relais.gateway;

import dev.relais.telemetry.ConnectionMeters.Reason;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.concurrent.TimeUnit;

/**
 * Closes a client's connection that is of no use: no invocation runs and nothing was sent for the idle time; a request head is
 * not complete within its time, counted from its first byte; or the client takes nothing of an answer for the write time. It
 * never ends a running invocation whose client reads, as Quarkus' own idle timer would (DESIGN.md fact 21).
 *
 * <p>The first handler of an accepted channel; confined to its event loop. One timer per connection, not one per request, which
 * looks every half of the shortest time: closing comes up to that much late.
 */
final class ConnectionClock extends ChannelDuplexHandler {
    private static final AttributeKey<ConnectionClock> KEY = AttributeKey.valueOf("relais.connection-clock");

    private final HttpConnections connections;
    private Channel channel;
    private int running;
    private long idleSinceNanos;
    private boolean inHead; // bytes have come that belong to no running request
    private long headSinceNanos;
    private boolean http2; // frames come between heads, too: only the idle time applies
    private boolean ending;
    private ByteProgress written = ByteProgress.NONE;
    private long writtenSinceNanos;

    /** What the socket is about to take, and how far it has come: two equal ones are a standstill. */
    private record ByteProgress(Object first, long ofFirst, long pending) {
        static final ByteProgress NONE = new ByteProgress(null, 0, 0);

        boolean isSame(ByteProgress other) {
            return first == other.first && ofFirst == other.ofFirst && pending == other.pending;
        }
    }

    ConnectionClock(HttpConnections connections) {
        this.connections = connections;
    }

    /** The clock of a request's connection; null where connections are not tracked (dev and test mode). */
    static ConnectionClock of(HttpServerRequest request) {
        return ((ConnectionBase) request.connection()).channel().attr(KEY).get();
    }

    /** An invocation begins on this connection (of which HTTP/2 may run several). */
    void begin(HttpVersion version) {
        running++;
        inHead = false;
        http2 = version == HttpVersion.HTTP_2;
        if (running == 1) {
            connections.serves(channel);
        }
    }

    void end() {
        running--; // the answer's flush has set the time
    }

    /** Nothing that follows on it is a request: its answer says {@code Connection: close} (RFC 9112 section 9.6). */
    void endsWithAnswer() {
        ending = true;
    }

    boolean isEnding() {
        return ending;
    }

    /** Whether no invocation runs on it. */
    boolean isQuiet() {
        return running == 0;
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
        if (!connections.open(this, channel)) {
            connections.closes(Reason.LIMIT);
            channel.close();
            return;
        }
        // Not channelInactive: an upgrade to HTTP/2 removes this handler.
        channel.closeFuture().addListener(closed -> connections.closed(this, channel));
        idleSinceNanos = System.nanoTime();
        MalformedHeads.addTo(context.pipeline(), this);
        check();
        super.channelActive(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (running == 0 && !inHead && !http2) {
            inHead = true;
            headSinceNanos = System.nanoTime();
        }
        super.channelRead(context, message);
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
        long now = System.nanoTime();
        Reason reason = reasonToClose(now);
        if (reason != null) {
            connections.closes(reason);
            channel.close();
        } else {
            long left = idleSinceNanos + connections.idleNanos() - now;
            long next = running == 0 && left > 0 ? Math.min(left, connections.tickNanos()) : connections.tickNanos();
            channel.eventLoop().schedule(this::check, next, TimeUnit.NANOSECONDS);
        }
    }

    private Reason reasonToClose(long now) {
        if (isStalled(now)) {
            return Reason.WRITE;
        }
        if (running > 0 || written != ByteProgress.NONE) {
            return null;
        }
        if (inHead) {
            return now - headSinceNanos >= connections.headNanos() ? Reason.HEAD : null;
        }
        return now - idleSinceNanos >= connections.idleNanos() ? Reason.IDLE : null;
    }

    private boolean isStalled(long now) {
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        if (out == null || out.isEmpty()) {
            written = ByteProgress.NONE;
            return false;
        }
        ByteProgress seen = new ByteProgress(out.current(), out.currentProgress(), out.totalPendingWriteBytes());
        if (!seen.isSame(written)) {
            written = seen;
            writtenSinceNanos = now;
        }
        return now - writtenSinceNanos >= connections.writeNanos();
    }
}
