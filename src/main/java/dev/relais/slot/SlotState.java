package dev.relais.slot;

import dev.relais.fastcgi.ExchangeFailure;
import org.jspecify.annotations.Nullable;

/**
 * The state of a slot. Each method is an event and returns the state that follows. An event that cannot happen in a state
 * throws {@link IllegalStateException}, because two requests would otherwise have the slot at once, or it would never be free
 * again. Immutable.
 *
 * <p>Only the slot's event loop changes the state. Any thread can claim a slot, by one compare-and-set in {@link FreeSlots}.
 * The loop notices the claim at its next event for the slot, and then calls {@link #claimed}. So a slot whose state is free may
 * already be claimed.
 *
 * <pre>
 * state      what is so                                     event and what follows
 * starting   no child has answered on its connection        proven: claimed
 * free       all may claim it                               claimed: claimed; retired: retiring;
 *                                                           broken: starting, claimed if a claim was faster
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
 * retiring   it is not used, and its connection breaks      broken: starting
 * </pre>
 */
sealed interface SlotState
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

    /** The loop notices that the slot was claimed. */
    default SlotState claimed() {
        throw illegal("claimed");
    }

    /**
     * The owner of the slot releases it.
     *
     * @param usable whether a child is behind it
     */
    default SlotState released(boolean usable) {
        throw illegal("released");
    }

    /** An exchange is started. */
    default SlotState begun() {
        throw illegal("begun");
    }

    /**
     * No exchange could be started.
     *
     * @param breaking whether the end of the connection will still be reported
     */
    default SlotState unusable(boolean breaking) {
        throw illegal("unusable");
    }

    /** The answer is complete. */
    default SlotState answered() {
        throw illegal("answered");
    }

    /** The gateway ends the process. */
    default SlotState ending(ExchangeFailure reason) {
        throw illegal("ending");
    }

    /** The exchange has failed, because its connection is lost or can no longer be trusted. */
    default SlotState failed(ExchangeFailure reason) {
        throw illegal("failed");
    }

    /** The script goes on without its connection, and its answer is dropped. */
    default SlotState abandoned(ExchangeFailure reason) {
        throw illegal("abandoned");
    }

    /** The script has ended, and the connection stands. */
    default SlotState ended() {
        throw illegal("ended");
    }

    /** The slot is not used until its connection has broken, because its child is replaced or its worker leaves. */
    default SlotState retired() {
        throw illegal("retired");
    }

    /**
     * A proven connection has broken.
     *
     * @param claimed whether the slot is claimed
     */
    default SlotState broken(boolean claimed) {
        throw illegal("broken");
    }

    /** Whether an exchange was started from which its child is not known to be free. */
    default boolean isBusy() {
        return false;
    }

    /** Whether the answer of the exchange is complete although the exchange is not. */
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

    /** No child has answered on the connection since it was opened, or since it last broke. */
    record Starting() implements SlotState {
        @Override
        public SlotState proven() {
            return CLAIMED;
        }
    }

    /** The slot may be claimed by all. */
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

    /** The slot is claimed, and nothing runs on it yet. Its connection may break and be replaced meanwhile. */
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
     * The process is being ended, or the connection was lost.
     *
     * @param reason the first reason
     * @param isAnswered whether the answer is complete nevertheless
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
     * The client is gone and the connection is closed. The script may go on.
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

    /** The slot is not used, and its connection is about to break. */
    record Retiring() implements SlotState {
        @Override
        public SlotState broken(boolean claimed) {
            return STARTING;
        }
    }
}
