package dev.relais.slot;

import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.ExchangeListener;
import dev.relais.fastcgi.FcgiConnection;
import dev.relais.fastcgi.ResponseHead;
import dev.relais.process.ProcessEnder;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * The part of a slot that passes the events of an exchange on to the exchange's listener, if it still has one, and lets that
 * listener control how the answer is read. Confined to its event loop.
 */
abstract class Followed extends SlotCounters implements ExchangeListener {
    /** For {@link #endRun}. */
    public static final long WHATEVER_RUNS = -1;

    private final SlotHome home;
    private final CopiedMessages copies;
    private final @Nullable ResidentFacts facts;
    private final MessageBudget budget = new MessageBudget();
    volatile SlotState state = SlotState.STARTING; // moved by the event loop alone

    @Nullable
    ExchangeListener listener; // null without an exchange, or for an abandoned one

    volatile long startedNanos; // when the last exchange began, by the clock of the slots
    private volatile boolean mayLog;

    /** @param facts of the resident function that children keep in memory; null for none */
    Followed(SlotHome home, @Nullable ResidentFacts facts) {
        this.home = home;
        this.copies = home.copies();
        this.facts = facts;
    }

    /** The id of the process that runs the exchange. */
    abstract long pid();

    /** The number of exchanges that the process has ended. Any thread. */
    abstract long served();

    /** The process that was last proven; null before. Any thread. */
    abstract @Nullable Child child();

    /** Of the function that ran last; null before the first. Any thread. */
    abstract @Nullable UsualLatency usualLatency();

    /** What the child does now. Any thread. */
    public abstract ChildState childState();

    /** The {@link UsualLatency#relativeAge} of the running exchange; negative when none runs. Any thread. */
    double relativeAge(long nowNanos) {
        UsualLatency current = usualLatency();
        return current != null && state.isBusy() && childState() == ChildState.BUSY
                ? current.relativeAge(nowNanos - startedNanos)
                : -1;
    }

    /** The event loop that it is confined to. */
    abstract EventLoop loop();

    /** The connection that the exchange runs on. */
    abstract FcgiConnection current();

    /** Whether the child runs the rest of a script whose answer is complete. Any thread. */
    public final boolean isFinishing() {
        return state.isAnswered();
    }

    /** Ends the process that runs the exchange, for this reason, unless it is being ended already. */
    abstract void end(ExchangeFailure reason);

    /** The time limit of the exchange. */
    abstract TimeLimit limit();

    /**
     * Stops reading the answer of this listener's exchange because its client takes no more, or goes on reading. The time limit stands
     * still meanwhile, since PHP cannot work then. Does nothing when the exchange is over or its answer complete. On the loop.
     */
    public final void hold(ExchangeListener reader, boolean held) {
        if (listener != reader || state.isAnswered()) {
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

    /**
     * The answer of this listener's exchange is complete, as in {@link #onFinished}. What PHP still sends of it is dropped. On
     * the loop.
     */
    public final void answerIsWhole(ExchangeListener reader) {
        if (listener == reader && !state.isAnswered()) {
            finish();
            current().finish();
        }
    }

    private void finish() {
        state = state.answered();
        limit().goOn();
    }

    @Override
    public final void onFinished() {
        if (listener != null) {
            finish();
            listener.onFinished();
        }
    }

    /** Stops reading the answer of this listener's exchange. Does nothing when it is over or complete. On the loop. */
    public final void pauseReading(ExchangeListener reader) {
        if (listener == reader) {
            current().pauseReading();
        }
    }

    /** Reads the answer again after {@link #pauseReading}. */
    public final void resumeReading(ExchangeListener reader) {
        if (listener == reader) {
            current().resumeReading();
        }
    }

    /** More of the body of this listener's exchange has arrived. Does nothing when the exchange is over. On the loop. */
    public final void bodyArrived(ExchangeListener reader) {
        if (listener == reader) {
            current().stdinArrived();
        }
    }

    /**
     * Ends the process that runs the exchange of this listener, which then fails with {@code Aborted}. Does nothing when the
     * exchange is over, its answer is complete, or its process is already being ended. On the loop.
     */
    public final void abort(ExchangeListener reader) {
        if (listener == reader && !state.isAnswered() && state.reason() == null) {
            end(new ExchangeFailure.Aborted("its client is gone"));
        }
    }

    /**
     * Ends the process as at its time limit if it runs something. Any thread.
     *
     * @param before how many runs the process has ended before the one that is meant; {@link #WHATEVER_RUNS}: whichever it is
     * @param reason for the log
     * @return the function that it runs; null when it does not run what is meant, and is not ended
     */
    public final @Nullable String endRun(long before, String reason, ProcessEnder ender) {
        Child asked = child();
        UsualLatency run = usualLatency();
        long ended = served();
        if (asked == null || run == null || !state.isBusy() || before != WHATEVER_RUNS && before != ended) {
            return null;
        }
        loop().execute(() -> {
            if (asked.equals(child()) && state.isBusy() && served() == ended) {
                end(new ExchangeFailure.TimedOut(reason));
                ender.end(asked.handle()); // also when its client is gone and its script goes on
            }
        });
        return run.function();
    }

    /**
     * The rest of the body of this listener's exchange will not arrive. Ends the process if it still waits for the body, even
     * when the answer is complete. On the loop.
     */
    public final void bodyBrokeOff(ExchangeListener reader) {
        if (listener == reader && state.reason() == null && current().isBodyUnread()) {
            end(new ExchangeFailure.Aborted("its body broke off"));
        }
    }

    @Override
    public final void onEarlyHints(ResponseHead hints) {
        if (listener != null) {
            listener.onEarlyHints(hints);
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

    @Override
    public final void onLeft(String json) {
        if (facts != null) {
            facts.left(listener == null ? null : listener.requestId(), json);
        }
    }

    /** PHP has logged this outside of the connection of the exchange: in the exchange, or without one, as in a boot. On the loop. */
    public final void logged(long pid, String message) {
        if (listener == null) {
            copies.logged(pid, message);
            ChildMessage.log(home.worker().id(), pid, null, message, true);
        } else {
            onStderr(message);
        }
    }

    /** An exchange begins, which may bring messages. */
    final void begins(long nowNanos) {
        busy.begin(nowNanos);
        mayLog = true;
    }

    /** Whether a running exchange may still bring messages. The slot's state changes at another moment. Any thread. */
    final boolean mayLog() {
        return mayLog;
    }

    /** The exchange is over, and brings no more messages. */
    final void ends(long nowNanos) {
        busy.end(nowNanos);
        mayLog = false; // before the end is reported, since a line that comes from now on need not wait for FastCGI
        String leftOut = budget.renew();
        if (leftOut != null && listener != null) {
            listener.onStderr(leftOut);
        }
        copies.runEnded(pid());
    }
}
