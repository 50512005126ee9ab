package dev.relais.gateway;

import dev.relais.cache.Question;
import dev.relais.cache.Recording;
import dev.relais.cache.Stored;
import dev.relais.http.AnswerHead;
import dev.relais.http.Callbacks;
import dev.relais.http.ResponseWriter;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Gives a client the answer that another request has asked PHP for, while it arrives: as fast as this client takes it, from the memory of
 * the recording. Confined to the request's event loop, but for {@link #tell}.
 */
final class FollowedAnswer {
    /** Called once, on the request's event loop. */
    interface Listener {
        /** Everything is written. */
        void followedToTheEnd();

        /** The answer of the other request broke off, and so does this one. */
        void followedAnswerBroke();
    }

    private final Recording recording;
    private final EventLoop loop;
    private final HttpServerResponse response;
    private final ResponseWriter writer;
    private final Callbacks callbacks;
    private final Listener listener;
    private final Runnable told = this::tell;
    private final AtomicBoolean isTold = new AtomicBoolean();
    private int read;
    private boolean passing;
    private boolean over;

    FollowedAnswer(
            Recording recording,
            EventLoop loop,
            HttpServerResponse response,
            ResponseWriter writer,
            Callbacks callbacks,
            Listener listener) {
        this.recording = recording;
        this.loop = loop;
        this.response = response;
        this.writer = writer;
        this.callbacks = callbacks;
        this.listener = listener;
    }

    void begin(Question question, boolean close) {
        Stored head = recording.head();
        writer.head(
                AnswerHead.ofStored(
                        head.status(),
                        head.reason(),
                        StoredAnswer.fields(question, head, question.collapsed(head), false),
                        head.mediaType(),
                        recording.announced()),
                close);
        response.drainHandler(callbacks.handler(drained -> pass()));
        writer.onIdle(callbacks.task(this::pass));
        recording.follow(told);
        pass();
    }

    /** There is more. Any thread. */
    private void tell() {
        if (isTold.compareAndSet(false, true)) {
            loop.execute(callbacks.task(() -> {
                isTold.set(false);
                pass();
            }));
        }
    }

    /** Gives what has come, and can be taken. A write that is done at once calls this again, which then has nothing to do. */
    private void pass() {
        if (over || passing) {
            return;
        }
        passing = true;
        try {
            give();
        } finally {
            passing = false;
        }
    }

    private void give() {
        byte[] piece;
        while ((!writer.isHeadWritten() || !writer.isFull() || writer.isIdle())
                && (piece = recording.piece(read)) != null) {
            read++;
            writer.body(Unpooled.wrappedBuffer(piece), piece.length);
            writer.flush();
        }
        if (recording.isWhole(read)) {
            close();
            listener.followedToTheEnd();
        } else if (recording.isBroken() && recording.piece(read) == null) {
            close();
            listener.followedAnswerBroke();
        }
    }

    /** The client is gone, or everything is written. Idempotent. */
    void close() {
        over = true;
        recording.unfollow(told);
    }
}
