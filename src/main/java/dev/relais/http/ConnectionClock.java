package dev.relais.http;

import dev.relais.OutOfMemory;
import dev.relais.http.ClientPace.Verdict;
import dev.relais.telemetry.ConnectionMeters.Reason;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Closes a client's connection that is of no use. It is of no use when no invocation runs and nothing was sent for the idle
 * time, when a request head is not complete within its time, counted from its first byte, or when the client takes nothing of
 * an answer for the write time, or too little ({@link ClientPace}; {@link StreamClocks} judges HTTP/2 streams). It never ends a
 * running invocation whose client reads, as Quarkus' own idle timer would (src/docs/facts.md, fact 21).
 *
 * <p>It is the first handler of an accepted channel, and confined to its event loop. It has one timer per connection and not
 * one per request. The timer checks at intervals of half the shortest time, so that a connection may be closed that much late.
 * A time that has passed is checked twice, for the reason that {@link PatientTimer} gives.
 */
public final class ConnectionClock extends ChannelDuplexHandler implements TrackedConnection {
    private static final AttributeKey<ConnectionClock> KEY = AttributeKey.valueOf("relais.connection-clock");

    /** Vert.x' name of what handles a connection's requests, which it adds with the first one. */
    static final String VERTX_HANDLER = "handler";

    private final HttpConnections connections;
    private final LongSupplier nanos;

    @SuppressWarnings("NullAway.Init") // by handlerAdded, before anything else is called
    private Channel channel;

    private int running;
    private long idleSinceNanos;
    private boolean inHead; // whether bytes have come that belong to no request yet
    private boolean inBody; // whether the body of the last request is incomplete, even if its answer is not
    private long headSinceNanos;
    private boolean http2; // frames also come between heads, so only the idle time applies
    private boolean ending;
    private final SocketProgress socket = new SocketProgress();
    private final ClientPace pace = new ClientPace();
    private boolean answerWaits; // whether bytes for the client waited at the last look
    private @Nullable StreamClocks streams; // null without HTTP/2, or before the first request
    private long lookedNanos;
    private long dueNanos; // the time of the next look
    private @Nullable Future<?> nextLook; // null: none was planned yet
    private @Nullable Reason suspected; // the reason that the last look has found for the first time
    private boolean closing; // closing in order, which a client may delay

    ConnectionClock(HttpConnections connections) {
        this(connections, System::nanoTime);
    }

    /** @param nanos the time that passes */
    ConnectionClock(HttpConnections connections, LongSupplier nanos) {
        this.connections = connections;
        this.nanos = nanos;
    }

    /** The clock of a request's connection; null where connections are not tracked (dev and test mode). */
    public static @Nullable ConnectionClock of(HttpServerRequest request) {
        return VertxConnection.channel(request).attr(KEY).get();
    }

    /** An invocation begins on this connection. In HTTP/2 several may run at a time. */
    public void begin(HttpVersion version) {
        running++;
        inHead = false;
        http2 = version == HttpVersion.HTTP_2;
        if (running == 1) {
            connections.serves(channel);
        }
        if (http2 && streams == null) {
            streams = StreamClocks.of(channel);
        }
    }

    /** The script of an invocation goes on after its answer, so {@link #end} is called once more when the script has ended. */
    public void goesOn() {
        running++;
    }

    public void end() {
        running--; // the answer's flush has set the time
    }

    /** The head of an HTTP/1 request is complete. It may be on the management port, where no invocation follows. */
    void headRead() {
        inHead = false;
        inBody = true;
    }

    /** The body of that request is complete. */
    void requestRead() {
        inBody = false;
    }

    /**
     * No further request is read from this connection, since an answer has said {@code Connection: close} (RFC 9112 section
     * 9.6).
     */
    void endsWithAnswer() {
        ending = true;
    }

    boolean isEnding() {
        return ending;
    }

    boolean mayUpgrade(SocketAddress peer) {
        return connections.mayUpgrade(peer);
    }

    /** Whether no invocation runs on it. */
    boolean isQuiet() {
        return running == 0;
    }

    /** Whether bytes have come that belong to no request yet. */
    boolean isInHead() {
        return inHead;
    }

    @Override
    public void closeIfIdleFor(long idle) {
        channel.eventLoop().execute(() -> {
            if (running == 0 && nanos.getAsLong() - idleSinceNanos >= idle) {
                channel.close();
            }
        });
    }

    /** Adds this handler again, because an upgrade to HTTP/2 removes all handlers of HTTP/1.1 and this one with them. */
    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (channel.isActive()) {
            http2 = true;
            channel.pipeline().addFirst(this);
            Http2Heads.watch(channel.pipeline());
        }
    }

    /** Netty adds a handler a second time only if it is sharable. This one still belongs to one channel. */
    @Override
    public boolean isSharable() {
        return true;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
        channel.attr(KEY).set(this);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        if (!connections.open(this, channel)) {
            countOnceClosed(Reason.LIMIT);
            channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> closed());
        idleSinceNanos = nanos.getAsLong();
        lookedNanos = idleSinceNanos;
        dueNanos = idleSinceNanos;
        check();
        super.channelActive(context);
    }

    /** A look that is still to come would keep all of the connection in memory until then: with one for each request, gigabytes. */
    private void closed() {
        if (nextLook != null) {
            nextLook.cancel(false);
        }
        connections.closed(this, channel);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (running == 0 && !inHead && !inBody && !http2) {
            inHead = true;
            headSinceNanos = nanos.getAsLong();
        }
        super.channelRead(context, message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        socket.written(message);
        super.write(context, message, promise);
    }

    @Override
    public void flush(ChannelHandlerContext context) throws Exception {
        idleSinceNanos = nanos.getAsLong();
        socket.flushed();
        super.flush(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
        OutOfMemory.mind(cause);
        if (cause instanceof IOException && channel.pipeline().context(VERTX_HANDLER) == null) {
            channel.close(); // it failed before its first request; Netty would log an exception that is passed on
            return;
        }
        super.exceptionCaught(context, cause);
    }

    private void check() {
        if (!channel.isActive()) {
            return;
        }
        long now = nanos.getAsLong();
        // While the process was stopped (SIGSTOP) nothing was checked, so that time does not count against clients.
        long elapsed = Math.min(now - lookedNanos, 2 * connections.tickNanos());
        lookedNanos = now;
        Reason late = lateReader(elapsed);
        Reason reason = late == null ? reasonToClose(now) : late;
        if (reason != null && (late != null || closing)) {
            closeNow(reason);
        } else if (reason != null && reason != suspected) {
            suspected = reason;
            schedule(PatientTimer.secondLook(now - dueNanos));
            return;
        } else if (reason != null) {
            closing = true;
            countOnceClosed(reason);
            channel.close();
        } else {
            suspected = null;
        }
        long left = idleSinceNanos + connections.idleNanos() - now;
        schedule(running == 0 && left > 0 ? Math.min(left, connections.tickNanos()) : connections.tickNanos());
    }

    /**
     * The reason when the client takes too little of what waits for it on the connection. HTTP/2 streams whose client does so
     * are reset.
     */
    private @Nullable Reason lateReader(long elapsed) {
        long writeNanos = connections.writeNanos();
        int minRate = connections.writeMinRate();
        answerWaits = socket.look(channel);
        Verdict verdict = pace.look(answerWaits, socket.taken(), elapsed, writeNanos, minRate);
        if (verdict == Verdict.FINE && streams != null) {
            streams.look(elapsed, writeNanos, minRate, connections::resets);
        }
        return switch (verdict) {
            case FINE -> null;
            case STANDS_STILL -> Reason.WRITE;
            case TOO_SLOW -> Reason.RATE;
        };
    }

    /**
     * Closes at once and with a reset. An orderly close through the pipeline would wait behind the bytes that the client does
     * not take, and the kernel would go on sending the bytes that it holds.
     */
    private void closeNow(Reason reason) {
        if (!closing) {
            countOnceClosed(reason);
        }
        closing = true;
        try {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException e) {
            // It is closed already.
        }
        channel.unsafe().close(channel.voidPromise());
    }

    private void countOnceClosed(Reason reason) {
        channel.closeFuture().addListener(closed -> connections.closes(reason));
    }

    private void schedule(long delay) {
        dueNanos = nanos.getAsLong() + delay;
        nextLook = channel.eventLoop().schedule(this::check, delay, TimeUnit.NANOSECONDS);
    }

    private @Nullable Reason reasonToClose(long now) {
        if (running > 0 || answerWaits && !closing) {
            return null;
        }
        if (inHead) {
            return now - headSinceNanos >= connections.headNanos() ? Reason.HEAD : null;
        }
        return now - idleSinceNanos >= connections.idleNanos() ? Reason.IDLE : null;
    }
}
