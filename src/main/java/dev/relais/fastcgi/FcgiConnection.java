package dev.relais.fastcgi;

import dev.relais.OutOfMemory;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One persistent connection to one PHP child, with at most one exchange at a time.
 *
 * <p>Confined to its event loop: every method but {@link #connect} asserts it. Any surprise closes the connection; it is never
 * repaired. The end of an exchange is reported once the read that brought it is decoded whole, so that bytes after an
 * END_REQUEST are a violation and never the next exchange's answer.
 */
public final class FcgiConnection extends ChannelInboundHandlerAdapter implements RecordDecoder.Sink {
    /** Told of the connection's life, on its event loop. */
    public interface Owner {
        void connected(FcgiConnection connection);

        void connectFailed(Throwable cause);

        /** Closed by either side, after a running exchange was told its failure. */
        void closed(FcgiConnection connection);

        /** Bytes moved, for meters. */
        void transferred(int bytesIn, int bytesOut);
    }

    /** Rounds of 2 ms at most that read what PHP wrote before its process ended: what it has started may go on writing. */
    private static final int LAST_TURNS = 50;

    private final Owner owner;
    private final RecordDecoder decoder = new RecordDecoder();
    private final HeadParser head;
    private final FinishMark mark;
    private final StderrLines stderr;
    private final RequestProgress progress = new RequestProgress();
    private final StdinPump stdin;

    @SuppressWarnings("NullAway.Init") // by handlerAdded, before anything else is called
    private Channel channel;

    private @Nullable ExchangeListener listener; // null: idle
    private boolean headDone;
    private boolean bodyMeant; // false: the output is only filler that makes PHP send its head, and is dropped
    private boolean finished; // the answer is complete, the script goes on
    private boolean ended;
    private int appStatus;
    private @Nullable ExchangeFailure failure;
    private boolean paused;
    private boolean peerEnded;
    private boolean lastExchange;
    private boolean readSince; // the last turn of awaitSilence

    private FcgiConnection(Owner owner, int headLimit, FinishMark mark) {
        this.owner = owner;
        this.head = new HeadParser(headLimit);
        this.mark = mark;
        this.stderr = new StderrLines(mark, this::onMessage);
        this.stdin = new StdinPump(owner);
    }

    /**
     * Connects; the owner hears of the outcome on the loop. A connection says nothing of a free child behind it, only a first
     * exchange does (src/docs/facts.md, fact 2).
     *
     * @param headLimit bytes of a response head at most
     * @param mark by which a script says that its answer is complete
     */
    public static void connect(EventLoop loop, Path socket, int headLimit, FinishMark mark, Owner owner) {
        FcgiConnection connection = new FcgiConnection(owner, headLimit, mark);
        UnixTransport.connect(loop, socket, connection).addListener(f -> {
            if (!f.isSuccess()) {
                OutOfMemory.mind(f.cause());
                owner.connectFailed(f.cause());
            }
        });
    }

    public boolean isOpen() {
        return channel.isActive();
    }

    /**
     * Starts an exchange.
     *
     * @param request what {@link Params#finish} made; released here
     * @param body null when {@code request} already ends STDIN
     * @throws IllegalStateException when an exchange is running: the caller does not own the slot
     */
    public void exchange(ByteBuf request, @Nullable Stdin body, ExchangeListener exchangeListener) {
        assert channel.eventLoop().inEventLoop();
        if (listener != null) {
            request.release();
            throw new IllegalStateException("exchange on a busy connection");
        }
        listener = exchangeListener;
        headDone = false;
        bodyMeant = true;
        finished = false;
        ended = false;
        failure = null;
        lastExchange = Params.endsConnection(request);
        int requestId = Params.requestId(request);
        decoder.reset(requestId);
        head.reset();
        stderr.reset();
        owner.transferred(0, request.readableBytes());
        if (body == null) {
            int params = request.readableBytes() - Fcgi.HEADER_LENGTH; // without the empty STDIN
            channel.writeAndFlush(request, progress.begin(channel, params));
        } else {
            channel.write(request, progress.begin(channel, request.readableBytes()));
            stdin.begin(channel, requestId, body);
        }
    }

    /** Stops reading from the child, whose writes then block: back-pressure. Ends with the answer, and not possible after it. */
    public void pauseReading() {
        if (!paused && !finished && !peerEnded) {
            paused = true;
            channel.config().setAutoRead(false);
        }
    }

    public void resumeReading() {
        if (paused) {
            paused = false;
            channel.config().setAutoRead(true);
        }
    }

    /**
     * The process behind the connection has ended. That need not close it, since what a script has started holds the socket, too. Takes
     * what the process had written, even if reading is paused (the kernel holds no more than a socket buffer of it), and then closes.
     * Idempotent.
     */
    public void peerEnded() {
        assert channel.eventLoop().inEventLoop();
        if (peerEnded) {
            return;
        }
        peerEnded = true;
        if (listener == null) {
            channel.close();
        } else {
            resumeReading();
            awaitSilence(LAST_TURNS);
        }
    }

    /** Whether it carries no further exchange: the process behind it has ended, or was told that this one is the last. */
    public boolean isLast() {
        return peerEnded || lastExchange;
    }

    private void awaitSilence(int turns) {
        readSince = false;
        // A task that is scheduled runs only after the loop has once more read what there is.
        channel.eventLoop()
                .schedule(
                        () -> {
                            if (readSince && turns > 0) {
                                awaitSilence(turns - 1);
                            } else {
                                channel.close();
                            }
                        },
                        2,
                        TimeUnit.MILLISECONDS);
    }

    /** The answer is complete, and the script may go on: what it still sends is dropped, and the listener hears no more of it. */
    public void finish() {
        finished = true;
        resumeReading();
    }

    /** Closes; a running exchange fails with ConnectionLost. Idempotent. */
    public void close() {
        channel.close();
    }

    /** More of a body that is still arriving can be had. */
    public void stdinArrived() {
        stdin.arrived();
    }

    /** Whether the child still waits for bytes of its body: closed now, it would run on half of it (src/docs/facts.md, fact 9). */
    public boolean isBodyUnread() {
        return stdin.isUnread();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
    }

    /** Here and not in the future's listener, which another thread may add after the connection has broken again. */
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        owner.connected(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        readSince = true;
        try {
            owner.transferred(in.readableBytes(), 0);
            if (listener == null) {
                channel.close();
                return;
            }
            decoder.decode(in, this);
            if (failure != null) {
                fail(failure);
            } else if (ended && decoder.atBorder() && channel.isActive()) {
                complete();
            }
        } catch (ProtocolViolation e) {
            fail(new ExchangeFailure.BrokenProtocol(String.valueOf(e.getMessage())));
        } finally {
            in.release();
        }
    }

    @Override
    public void stdout(ByteBuf in, int length) {
        stderr.flush();
        if (failure != null || finished) {
            return;
        }
        try {
            int start = in.readerIndex();
            if (!headDone) {
                int taken = head.feed(in, start, length);
                if (!head.complete()) {
                    return;
                }
                headDone = true;
                passHead(head.parse());
                in.readerIndex(start + taken);
                length -= taken;
            }
            if (length > 0 && bodyMeant && failure == null) {
                listening().onBody(in, length);
            }
        } catch (HeadParser.Invalid e) {
            failure = new ExchangeFailure.InvalidHead(String.valueOf(e.getMessage()));
        }
    }

    private void onMessage(String message) {
        if (listener != null) {
            listener.onStderr(message);
        }
    }

    private void passHead(ResponseHead parsed) {
        bodyMeant = !mark.isIn(parsed);
        listening().onHead(bodyMeant ? parsed : parsed.without(FinishMark.FIELD));
    }

    @Override
    public void stderr(ByteBuf in, int length) {
        stderr.feed(in, length);
    }

    @Override
    public void stderrRecordEnd() {
        boolean marked = stderr.endRecord();
        // Without a head (the script keeps a buffer that nobody may flush) the answer ends with the script.
        if (marked && headDone && !finished && failure == null) {
            finish();
            listening().onFinished();
        }
    }

    @Override
    public void endRequest(int status, int protocolStatus) {
        stderr.flush();
        if (failure != null) {
            return;
        }
        if (protocolStatus != 0) {
            failure = new ExchangeFailure.BrokenProtocol("END_REQUEST with protocol status " + protocolStatus);
        } else if (stdin.isUnread()) {
            failure = new ExchangeFailure.BrokenProtocol("END_REQUEST before the body was read");
        } else if (!headDone) {
            failure = new ExchangeFailure.InvalidHead("the script ended without a response head");
        }
        ended = true;
        appStatus = status;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (listener != null && !finished) {
            listener.onReadComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (channel.isWritable()) {
            stdin.writable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(lost("the PHP child closed the connection"));
        owner.closed(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        OutOfMemory.mind(cause);
        fail(lost(String.valueOf(cause.getMessage())));
        channel.close();
    }

    /** While an exchange runs. */
    private ExchangeListener listening() {
        return Objects.requireNonNull(listener);
    }

    private ExchangeFailure lost(String detail) {
        return new ExchangeFailure.ConnectionLost(detail, progress.mayHaveStarted());
    }

    private void complete() {
        ExchangeListener done = listening();
        listener = null;
        resumeReading();
        done.onEnd(appStatus);
    }

    /** Once for each exchange; a listener that closes the connection while it is told of bytes comes here in the middle of a read. */
    private void fail(ExchangeFailure reason) {
        ExchangeListener failed = listener;
        if (failed == null) {
            return;
        }
        stderr.flush();
        listener = null;
        failure = reason;
        stdin.drop();
        channel.close();
        failed.onFailure(reason);
    }
}
