package dev.relais.slot;

import dev.relais.fastcgi.ExchangeListener;
import dev.relais.fastcgi.FcgiConnection;
import dev.relais.fastcgi.ResponseHead;
import io.netty.buffer.ByteBuf;

/**
 * Passes what an exchange brings on to the one who follows it, if anybody still does, and lets that one steer how it is read.
 * Confined to its event loop.
 */
abstract class Followed extends SlotCounters implements ExchangeListener {
    private final CopiedMessages copies;
    private final MessageBudget budget = new MessageBudget();
    ExchangeListener listener; // null: no exchange, or an abandoned one
    volatile boolean finishing; // the answer of the running exchange is complete
    private volatile boolean mayLog;

    Followed(CopiedMessages copies) {
        this.copies = copies;
    }

    /** Of the process that runs the exchange. */
    abstract long pid();

    /** The connection that the exchange runs on. */
    abstract FcgiConnection current();

    /** Whether it runs the rest of a script whose answer is complete. Any thread. */
    public final boolean isFinishing() {
        return finishing;
    }

    /** The time limit of the exchange. */
    abstract TimeLimit limit();

    /**
     * Stops reading the answer of this listener's exchange because its client takes no more, or goes on. That time is not PHP's: the
     * limit is held up. Nothing when the exchange is over or its answer complete. On the loop.
     */
    public final void hold(ExchangeListener reader, boolean held) {
        if (listener != reader || finishing) {
            return;
        }
        if (held) {
            current().pauseReading();
            limit().hold();
        } else {
            limit().goOn();
            current().resumeReading();
        }
    }

    /** The answer of this listener's exchange is complete, as in {@link #onFinished}: what else PHP sends of it is dropped. On the loop. */
    public final void answerIsWhole(ExchangeListener reader) {
        if (listener == reader && !finishing) {
            finish();
            current().finish();
        }
    }

    private void finish() {
        finishing = true;
        limit().goOn();
    }

    @Override
    public final void onFinished() {
        if (listener != null) {
            finish();
            listener.onFinished();
        }
    }

    /** Stops reading the answer of this listener's exchange; nothing when that is over or complete. On the loop. */
    public final void pauseReading(ExchangeListener reader) {
        if (listener == reader) {
            current().pauseReading();
        }
    }

    /** The opposite of {@link #pauseReading}. */
    public final void resumeReading(ExchangeListener reader) {
        if (listener == reader) {
            current().resumeReading();
        }
    }

    /** More of the body of this listener's exchange has arrived; nothing when that is over. On the loop. */
    public final void bodyArrived(ExchangeListener reader) {
        if (listener == reader) {
            current().stdinArrived();
        }
    }

    @Override
    public final void onHead(ResponseHead head) {
        if (listener != null) {
            listener.onHead(head);
        }
    }

    @Override
    public final void onBody(ByteBuf in, int length) {
        if (listener != null) {
            listener.onBody(in, length);
        }
    }

    @Override
    public final void onReadComplete() {
        if (listener != null) {
            listener.onReadComplete();
        }
    }

    @Override
    public final void onStderr(String message) {
        copies.logged(pid(), message);
        if (budget.admits(message) && listener != null) {
            listener.onStderr(message);
        }
    }

    /** An exchange begins, which may bring messages. */
    final void messagesBegin() {
        mayLog = true;
    }

    /** Whether an exchange may bring messages yet; the slot's state does not tell, since it changes after the end. Any thread. */
    final boolean mayLog() {
        return mayLog;
    }

    /** The exchange brings no more messages. */
    final void messagesEnded() {
        mayLog = false; // before the end is told: what is said from now on is not held for it
        String leftOut = budget.renew();
        if (leftOut != null && listener != null) {
            listener.onStderr(leftOut);
        }
        copies.runEnded(pid());
    }
}
