package dev.relais.fastcgi;

import dev.relais.OutOfMemory;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One persistent connection to one PHP child, with at most one exchange at a time.
 *
 * <p>Confined to its event loop: every method but {@link #connect} asserts it. Any surprise closes the connection; it is never
 * repaired. The end of an exchange is reported once the read that brought it is decoded whole, so that bytes after an
 * END_REQUEST are a violation and never the next exchange's answer.
 */
public final class FcgiConnection extends ChannelInboundHandlerAdapter implements RecordDecoder.Sink {
    /** The owner of a connection, which is called on the connection's event loop. */
    public interface Owner {
        void connected(FcgiConnection connection);

        void connectFailed(Throwable cause);

        /** Either side has closed the connection. The listener of a running exchange was called before. */
        void closed(FcgiConnection connection);

        /** Bytes were read and written; for meters. */
        void transferred(int bytesIn, int bytesOut);
    }

    private final Owner owner;
    private final boolean resident;
    private final RecordDecoder decoder = new RecordDecoder();
    private final AnswerBegin head;
    private final FinishMark mark;
    private final StderrLines stderr;
    private final LastWords lastWords = new LastWords();
    private final RequestProgress progress = new RequestProgress();
    private final StdinPump stdin;

    @SuppressWarnings("NullAway.Init") // by handlerAdded, before anything else is called
    private Channel channel;

    private @Nullable ExchangeListener listener; // null while idle
    private boolean finished; // the answer is complete, the script goes on
    private boolean ended;
    private boolean late; // messages that PHP has written before the end may still come by another connection
    private boolean awaitsMessages; // the end was read whole, and only these are waited for
    private int appStatus;
    private @Nullable ExchangeFailure failure;
    private boolean paused;
    private boolean lastExchange;

    /** For a channel of which it is the only handler; {@link #connect} makes both. */
    FcgiConnection(Owner owner, int headLimit, FinishMark mark) {
        this(owner, headLimit, mark, false);
    }

    /** @param resident whether an application that stays in memory is behind it, whose END_REQUEST has {@link ResidentEnd flags} */
    FcgiConnection(Owner owner, int headLimit, FinishMark mark, boolean resident) {
        this.owner = owner;
        this.resident = resident;
        this.head = new AnswerBegin(headLimit, mark);
        this.mark = mark;
        this.stderr = new StderrLines(mark, this::onMessage);
        this.stdin = new StdinPump(owner);
    }

    /**
     * Connects; the owner is called on the event loop with the outcome. A connection does not prove that there is a free child
     * behind it; only a first exchange does (src/docs/facts.md, fact 2).
     *
     * @param headLimit the most bytes of a response head
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
     * @param request the encoded request from {@link Params#finish}, which this method releases
     * @param body null when {@code request} already ends STDIN
     * @throws IllegalStateException when an exchange is running, which means that the caller does not own the slot
     */
    public void exchange(ByteBuf request, @Nullable Stdin body, ExchangeListener exchangeListener) {
        assert channel.eventLoop().inEventLoop();
        if (listener != null) {
            request.release();
            throw new IllegalStateException("exchange on a busy connection");
        }
        listener = exchangeListener;
        finished = false;
        ended = false;
        late = false;
        awaitsMessages = false;
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

    /** What was read of a message is whole, though no other one has begun, and is told. */
    public void endMessage() {
        stderr.flush();
    }

    /** Stops reading from the child, whose writes then block (back-pressure). It has no effect after the end of the answer. */
    public void pauseReading() {
        if (!paused && !finished && !lastWords.haveBegun()) {
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
     * The process behind the connection has ended. That need not close the connection, since a process that a script has
     * started holds the socket too. This method reads what the process had written, even if reading is paused (the kernel holds
     * at most a socket buffer of it), and then closes. Idempotent.
     */
    public void peerEnded() {
        assert channel.eventLoop().inEventLoop();
        if (lastWords.begin()) {
            resumeReading();
            lastWords.closeAfter(channel, listener != null);
        }
    }

    /** Whether no further exchange may follow, because the process has ended or was told that this exchange is its last. */
    public boolean isLast() {
        return lastWords.haveBegun() || lastExchange;
    }

    /** The answer is complete, and the script may go on. What it still sends is dropped, and the listener is not called for it. */
    public void finish() {
        finished = true;
        resumeReading();
    }

    /** Closes the connection. A running exchange fails with ConnectionLost. Idempotent. */
    public void close() {
        channel.close();
    }

    /** More bytes of a body that is still arriving are available. */
    public void stdinArrived() {
        stdin.arrived();
    }

    /** Whether the child still waits for bytes of the body, so that a close would run it on a part (src/docs/facts.md, fact 9). */
    public boolean isBodyUnread() {
        return stdin.isUnread();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
    }

    /** Takes over a channel that is open already, and tells the owner. */
    void adopt(ChannelHandlerContext former) {
        former.pipeline().replace(former.handler(), null, this);
        owner.connected(this);
    }

    /** This is not done in the future's listener, which another thread may add after the connection has already failed. */
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        owner.connected(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        lastWords.came();
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
            int ofBody = head.isDone() ? length : head.take(in, length, listening());
            if (ofBody > 0 && head.isBodyMeant() && failure == null) {
                listening().onBody(in, ofBody);
            }
        } catch (HeadParser.Invalid e) {
            failure = new ExchangeFailure.InvalidHead(String.valueOf(e.getMessage()));
        }
    }

    private void onMessage(String message) {
        if (listener != null && resident && message.startsWith(mark.leftStart())) {
            listener.onLeft(message.substring(mark.leftStart().length()));
        } else if (listener != null) {
            head.message(message, listener);
        }
    }

    @Override
    public void stderr(ByteBuf in, int length) {
        stderr.feed(in, length);
    }

    @Override
    public void stderrRecordEnd() {
        boolean marked = stderr.endRecord();
        // Without a head, because the script has a buffer that cannot be flushed, the answer ends with the script.
        if (marked && head.isDone() && !finished && failure == null) {
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
        } else if (!head.isDone()) {
            failure = new ExchangeFailure.InvalidHead("the script ended without a response head");
        }
        ended = true;
        late = resident && ResidentEnd.hasMessages(status);
        lastExchange |= resident && ResidentEnd.isLast(status);
        appStatus = resident ? 0 : status;
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
        if (listener != null && awaitsMessages) {
            complete(); // nothing more comes
        }
        fail(lost("the PHP child closed the connection"));
        owner.closed(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        OutOfMemory.mind(cause);
        fail(lost(String.valueOf(cause.getMessage())));
        channel.close();
    }

    /** The listener; only while an exchange runs. */
    private ExchangeListener listening() {
        return Objects.requireNonNull(listener);
    }

    private ExchangeFailure lost(String detail) {
        return new ExchangeFailure.ConnectionLost(detail, progress.mayHaveStarted());
    }

    private void complete() {
        ExchangeListener done = listening();
        if (late) {
            late = false;
            awaitsMessages = true;
            ResidentEnd.afterMessages(channel.eventLoop(), () -> {
                if (listener == done && awaitsMessages) {
                    complete();
                }
            });
            return;
        }
        listener = null;
        resumeReading();
        done.onEnd(appStatus);
    }

    /** Ends the exchange with a failure, once. A listener that closes the connection gets here in the middle of a read. */
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
