package dev.relais.http;

import dev.relais.http.ClientPace.Verdict;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/**
 * The clocks of the streams of one HTTP/2 connection. Bytes that a client's windows do not let through lie in Netty's flow
 * controller, where the clock of the connection does not see them. So this class stands in front of the flow controller, counts
 * what leaves it of each stream, and resets a stream whose client takes nothing, or too little. Confined to the connection's event
 * loop.
 */
final class StreamClocks implements Http2RemoteFlowController {
    private final Channel channel;
    private final Http2ConnectionHandler handler;
    private final Http2Connection connection;
    private final Http2RemoteFlowController flow;
    private final Http2Connection.PropertyKey key;

    /** The clock of one stream. */
    private static final class StreamClock {
        final ClientPace pace = new ClientPace();
        long taken;
    }

    private StreamClocks(Channel channel, Http2ConnectionHandler handler) {
        this.channel = channel;
        this.handler = handler;
        this.connection = handler.connection();
        this.flow = connection.remote().flowController();
        this.key = connection.newKey();
    }

    /** Puts the clocks in place, before the first byte of the first answer. Null when the connection is closed already. */
    static @Nullable StreamClocks of(Channel channel) {
        Http2ConnectionHandler handler = channel.pipeline().get(Http2ConnectionHandler.class);
        if (handler == null) {
            return null;
        }
        StreamClocks clocks = new StreamClocks(channel, handler);
        handler.connection().remote().flowController(clocks);
        return clocks;
    }

    /** Called for a stream that is about to be reset. */
    interface Late {
        void late(Verdict why);
    }

    /** Looks at each stream of which something waits, and resets those that their client does not take. */
    void look(long elapsedNanos, long writeNanos, int minRate, Late late) {
        try {
            connection.forEachActiveStream(stream -> {
                StreamClock clock = stream.getProperty(key);
                if (clock != null) {
                    // A stream with space in its windows waits for the socket, which the connection's clock judges.
                    boolean held = isShut(stream) || channel.isWritable();
                    Verdict verdict = clock.pace.look(
                            flow.hasFlowControlled(stream), clock.taken, held ? elapsedNanos : 0, writeNanos, minRate);
                    if (verdict != Verdict.FINE) {
                        reset(stream);
                        late.late(verdict);
                    }
                }
                return true;
            });
        } catch (Http2Exception e) {
            throw new IllegalStateException(e); // this visitor throws none
        }
    }

    private boolean isShut(Http2Stream stream) {
        return flow.windowSize(stream) <= 0 || flow.windowSize(connection.connectionStream()) <= 0;
    }

    /**
     * Resets a stream with an error code, because without one the client may take what it has got for the whole answer. The
     * stream's writes then fail, which tells the invocation.
     */
    private void reset(Http2Stream stream) {
        ChannelHandlerContext context = flow.channelHandlerContext();
        handler.resetStream(context, stream.id(), Http2Error.INTERNAL_ERROR.code(), context.newPromise());
        context.flush();
    }

    @Override
    public void addFlowControlled(Http2Stream stream, FlowControlled payload) {
        StreamClock clock = stream.getProperty(key);
        if (clock == null) {
            clock = new StreamClock();
            stream.setProperty(key, clock);
        }
        flow.addFlowControlled(stream, new Counted(payload, clock));
    }

    /** Bytes that go through the flow controller, and are counted when they leave it. */
    private record Counted(FlowControlled payload, StreamClock clock) implements FlowControlled {
        @Override
        public int size() {
            return payload.size();
        }

        @Override
        public void error(ChannelHandlerContext context, Throwable cause) {
            payload.error(context, cause);
        }

        @Override
        public void writeComplete() {
            payload.writeComplete();
        }

        @Override
        public void write(ChannelHandlerContext context, int allowedBytes) {
            int before = payload.size();
            payload.write(context, allowedBytes);
            clock.taken += before - payload.size();
        }

        @Override
        public boolean merge(ChannelHandlerContext context, FlowControlled next) {
            return next instanceof Counted counted && payload.merge(context, counted.payload);
        }
    }

    @Override
    public void channelHandlerContext(ChannelHandlerContext context) throws Http2Exception {
        flow.channelHandlerContext(context);
    }

    @Override
    public ChannelHandlerContext channelHandlerContext() {
        return flow.channelHandlerContext();
    }

    @Override
    public boolean hasFlowControlled(Http2Stream stream) {
        return flow.hasFlowControlled(stream);
    }

    @Override
    public void writePendingBytes() throws Http2Exception {
        flow.writePendingBytes();
    }

    @Override
    public void listener(Listener listener) {
        flow.listener(listener);
    }

    @Override
    public boolean isWritable(Http2Stream stream) {
        return flow.isWritable(stream);
    }

    @Override
    public void channelWritabilityChanged() throws Http2Exception {
        flow.channelWritabilityChanged();
    }

    @Override
    public void updateDependencyTree(int child, int parent, short weight, boolean exclusive) {
        flow.updateDependencyTree(child, parent, weight, exclusive);
    }

    @Override
    public void initialWindowSize(int size) throws Http2Exception {
        flow.initialWindowSize(size);
    }

    @Override
    public int initialWindowSize() {
        return flow.initialWindowSize();
    }

    @Override
    public int windowSize(Http2Stream stream) {
        return flow.windowSize(stream);
    }

    @Override
    public void incrementWindowSize(Http2Stream stream, int delta) throws Http2Exception {
        flow.incrementWindowSize(stream, delta);
    }
}
