package dev.relais.slot;

import dev.relais.fastcgi.ExchangeFailure;
import org.jspecify.annotations.Nullable;

/**
 * Where a slot is in its life. Each method is an event and gives the state that follows; an event that cannot happen in a state throws
 * {@link IllegalStateException}, for then the slot would be two requests' at once, or nobody's for ever. Immutable.
 *
 * <p>The slot's event loop alone moves it. Only a claim is made by any thread, by one compare-and-set in {@link FreeSlots}: the loop hears
 * of it when it next has to do with the slot, and then says {@link #claimed}. So a slot that is free here may be claimed there already.
 *
 * <pre>
 * state      what is so                                     event and what follows
 * starting   no child has answered on its connection        proven: claimed
 * free       all may claim it                               claimed: claimed; retired: retiring;
 *                                                           broken: starting, claimed if somebody was faster
 * claimed    one has it, and runs nothing on it yet         begun: running; released: free, starting if it has no child;
 *                                                           unusable: retiring, starting if it has no child; retired: retiring;
 *                                                           claimed, broken, proven: claimed
 * running    a script runs, and its answer is awaited       answered: finishing; ended: claimed; ending, failed: ending;
 *                                                           abandoned: abandoned
 * finishing  the answer is complete, the script goes on     ended: claimed; ending, failed: ending
 * ending     its process is being ended, or its connection  answered, failed, broken: ending; ended, proven: claimed
 *            was lost
 * abandoned  the client is gone and the connection closed,  failed, broken: abandoned; proven: claimed
 *            the script may go on
 * retiring   nobody has it, its connection is to break      broken: starting
 * </pre>
 */
public sealed interface SlotState
        permits SlotState.Starting,
                SlotState.Free,
                SlotState.Claimed,
                SlotState.Running,
                SlotState.Finishing,
                SlotState.Ending,
                SlotState.Abandoned,
                SlotState.Retiring {
    SlotState STARTING = new Starting();
    SlotState FREE = new Free();
    SlotState CLAIMED = new Claimed();
    SlotState RUNNING = new Running();
    SlotState FINISHING = new Finishing();
    SlotState RETIRING = new Retiring();

    /** A child has answered on a new connection. */
    default SlotState proven() {
        throw illegal("proven");
    }

    /** The loop learns that somebody has claimed it. */
    default SlotState claimed() {
        throw illegal("claimed");
    }

    /** Whoever has it gives it back to all. @param usable whether a child is behind it */
    default SlotState released(boolean usable) {
        throw illegal("released");
    }

    /** An exchange is started. */
    default SlotState begun() {
        throw illegal("begun");
    }

    /** No exchange could be started. @param breaking whether the end of the connection is still to be told */
    default SlotState unusable(boolean breaking) {
        throw illegal("unusable");
    }

    /** The answer is complete. */
    default SlotState answered() {
        throw illegal("answered");
    }

    /** The process is ended by us. */
    default SlotState ending(ExchangeFailure reason) {
        throw illegal("ending");
    }

    /** The exchange has failed: its connection is lost, or not to be trusted any more. */
    default SlotState failed(ExchangeFailure reason) {
        throw illegal("failed");
    }

    /** The script goes on for nobody, without its connection. */
    default SlotState abandoned(ExchangeFailure reason) {
        throw illegal("abandoned");
    }

    /** The script has ended, and the connection stands. */
    default SlotState ended() {
        throw illegal("ended");
    }

    /** Nobody shall have it until its connection has broken: its child is replaced, or its worker leaves. */
    default SlotState retired() {
        throw illegal("retired");
    }

    /** A proven connection has broken. @param claimed whether somebody has claimed the slot */
    default SlotState broken(boolean claimed) {
        throw illegal("broken");
    }

    /** An exchange was started, and its child is not known to be free of it. */
    default boolean isBusy() {
        return false;
    }

    /** The answer of the exchange is complete, though the exchange is not. */
    default boolean isAnswered() {
        return false;
    }

    /** Why the exchange is ended before its time; null when it is not. */
    default @Nullable ExchangeFailure reason() {
        return null;
    }

    private IllegalStateException illegal(String event) {
        return new IllegalStateException("a slot that is " + this + " cannot be " + event);
    }

    /** No child has answered on its connection yet, or not since that broke. */
    record Starting() implements SlotState {
        @Override
        public SlotState proven() {
            return CLAIMED;
        }
    }

    /** All may claim it. */
    record Free() implements SlotState {
        @Override
        public SlotState claimed() {
            return CLAIMED;
        }

        @Override
        public SlotState retired() {
            return RETIRING;
        }

        @Override
        public SlotState broken(boolean claimed) {
            return claimed ? CLAIMED : STARTING;
        }
    }

    /** One has it, and runs nothing on it yet; its connection may break and be mended meanwhile. */
    record Claimed() implements SlotState {
        @Override
        public SlotState claimed() {
            return this;
        }

        @Override
        public SlotState proven() {
            return this;
        }

        @Override
        public SlotState released(boolean usable) {
            return usable ? FREE : STARTING;
        }

        @Override
        public SlotState begun() {
            return RUNNING;
        }

        @Override
        public SlotState unusable(boolean breaking) {
            return breaking ? RETIRING : STARTING;
        }

        @Override
        public SlotState retired() {
            return RETIRING;
        }

        @Override
        public SlotState broken(boolean claimed) {
            return this;
        }
    }

    /** A script runs, and its answer is awaited. */
    record Running() implements SlotState {
        @Override
        public SlotState answered() {
            return FINISHING;
        }

        @Override
        public SlotState ending(ExchangeFailure reason) {
            return new Ending(reason, false);
        }

        @Override
        public SlotState failed(ExchangeFailure reason) {
            return new Ending(reason, false);
        }

        @Override
        public SlotState abandoned(ExchangeFailure reason) {
            return new Abandoned(reason);
        }

        @Override
        public SlotState ended() {
            return CLAIMED;
        }

        @Override
        public boolean isBusy() {
            return true;
        }
    }

    /** The answer is complete, and the script goes on. */
    record Finishing() implements SlotState {
        @Override
        public SlotState ending(ExchangeFailure reason) {
            return new Ending(reason, true);
        }

        @Override
        public SlotState failed(ExchangeFailure reason) {
            return new Ending(reason, false);
        }

        @Override
        public SlotState ended() {
            return CLAIMED;
        }

        @Override
        public boolean isBusy() {
            return true;
        }

        @Override
        public boolean isAnswered() {
            return true;
        }
    }

    /**
     * Its process is being ended, or its connection was lost.
     *
     * @param reason the first one
     * @param isAnswered whether the answer is complete all the same
     */
    record Ending(ExchangeFailure reason, boolean isAnswered) implements SlotState {
        @Override
        public SlotState answered() {
            return new Ending(reason, true);
        }

        @Override
        public SlotState failed(ExchangeFailure later) {
            return new Ending(reason, false);
        }

        @Override
        public SlotState ended() {
            return CLAIMED;
        }

        @Override
        public SlotState proven() {
            return CLAIMED;
        }

        @Override
        public SlotState broken(boolean claimed) {
            return this;
        }

        @Override
        public boolean isBusy() {
            return true;
        }
    }

    /**
     * The client is gone and the connection closed; the script may go on.
     *
     * @param reason why
     */
    record Abandoned(ExchangeFailure reason) implements SlotState {
        @Override
        public SlotState failed(ExchangeFailure later) {
            return this;
        }

        @Override
        public SlotState proven() {
            return CLAIMED;
        }

        @Override
        public SlotState broken(boolean claimed) {
            return this;
        }

        @Override
        public boolean isBusy() {
            return true;
        }
    }

    /** Nobody has it, and its connection is to break. */
    record Retiring() implements SlotState {
        @Override
        public SlotState broken(boolean claimed) {
            return STARTING;
        }
    }
}
