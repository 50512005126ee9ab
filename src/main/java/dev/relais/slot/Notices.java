package dev.relais.slot;

import dev.relais.LogText;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What a worker is told of changed code before it serves another request: while a {@link Notice} is due, nobody may claim a slot, and the
 * first one that is free runs it. What is freed meanwhile is kept, and is offered to all once the worker has been told.
 *
 * <p>Any thread may tell, and may ask {@link #isDue}. No wake-up is lost: whoever frees a slot publishes it first and then asks whether a
 * notice is due; whoever tells says that it is due first and then looks for a free slot.
 */
final class Notices {
    private static final Logger LOG = Logger.getLogger(Notices.class);
    /** After so many children that did not take it, the worker goes on without: opcache looks at the disk itself some seconds later. */
    static final int TRIES = 3;

    private static final long LIMIT_MILLIS = 2_000;
    private static final int MOST_TEXT = 1_024;

    private final int worker;
    private final FreeSlots free;
    private final Slot[] slots;
    private final SlotListener listener;
    private final AtomicInteger onTheWay =
            new AtomicInteger(); // slots that were claimed to be told and are not at their loop yet
    private volatile boolean due;
    // Guarded by this:
    private @Nullable Notice waiting; // null: none
    private @Nullable Telling telling; // null: none
    private int failures; // in a row

    /** @param listener told of each slot that is offered again */
    Notices(int worker, FreeSlots free, Slot[] slots, SlotListener listener) {
        this.worker = worker;
        this.free = free;
        this.slots = slots;
        this.listener = listener;
    }

    /** Whether the worker has not taken all notices yet. Any thread. */
    boolean isDue() {
        return due;
    }

    /** How many slots will be free as soon as the worker has been told. Any thread. */
    int held() {
        return due ? onTheWay.get() + (isTelling() ? 1 : 0) + slots.length - free.taken() : 0;
    }

    private synchronized boolean isTelling() {
        return telling != null;
    }

    void tell(Notice notice) {
        synchronized (this) {
            waiting = waiting == null ? notice : waiting.with(notice);
            due = true;
        }
        begin();
    }

    /** A slot may have become free that nobody was told of. Any thread. */
    void begin() {
        if (due && isWaiting()) {
            int index = free.claim(0);
            if (index >= 0) {
                Slot slot = slots[index];
                onTheWay.incrementAndGet();
                slot.loop().execute(() -> {
                    use(slot);
                    onTheWay.decrementAndGet();
                });
            }
        }
    }

    /** Uses a slot that has just been claimed, or hands it on. On its loop. */
    private void use(Slot slot) {
        if (!takes(slot)) {
            listener.freed(slot);
        }
    }

    /** Has whoever waits hear of a slot once more, if it is free. On its loop. */
    private void offer(Slot slot) {
        if (free.withdraw(slot.index())) {
            use(slot);
        }
    }

    private synchronized boolean isWaiting() {
        return waiting != null && telling == null;
    }

    /**
     * A slot has nobody who uses it. On its loop.
     *
     * @return false when no notice is due any more: then it is the caller's
     */
    boolean takes(Slot slot) {
        if (!due) {
            return false;
        }
        @Nullable Telling next = null;
        synchronized (this) {
            if (telling != null && telling.slot == slot) {
                over(telling, telling.isTaken());
            }
            if (telling == null && waiting != null) {
                next = telling = new Telling(slot, waiting);
                waiting = null;
            }
        }
        if (next != null) {
            next.run();
            return true;
        }
        if (!due) {
            offerFree();
            return false;
        }
        slot.release();
        if (!due) { // since just now, and it may have been missed
            offer(slot);
        }
        return true;
    }

    /** Guarded by this. */
    private void over(Telling one, boolean taken) {
        if (telling != one) {
            return;
        }
        telling = null;
        failures = taken ? 0 : failures + 1;
        if (failures >= TRIES) {
            failures = 0;
            LOG.warnf(
                    "Worker has not taken what has changed on the disk, its opcache looks some seconds later: worker=%d reply=%s",
                    worker, LogText.value(one.text()));
        } else if (!taken) {
            waiting = waiting == null ? one.notice : one.notice.with(waiting);
        }
        due = waiting != null;
    }

    private void ended(Telling one, boolean taken) {
        synchronized (this) {
            if (telling != one) {
                return; // its slot was free before
            }
            over(one, taken);
        }
        if (due) {
            begin();
        } else {
            offerFree();
        }
    }

    private void offerFree() {
        for (Slot slot : slots) {
            if (free.isFree(slot.index())) {
                slot.loop().execute(() -> offer(slot));
            }
        }
    }

    /** One exchange that tells. Confined to its slot's loop. */
    private final class Telling {
        private final Slot slot;
        private final Notice notice;
        private final OwnExchange exchange = new OwnExchange("code-change", worker, MOST_TEXT, this::answered);

        Telling(Slot slot, Notice notice) {
            this.slot = slot;
            this.notice = notice;
        }

        void run() {
            if (!exchange.begin(slot, notice.request(), LIMIT_MILLIS)) {
                ended(this, false);
            }
        }

        /** By what has come of the answer up to now. */
        boolean isTaken() {
            return notice.isTaken(text());
        }

        String text() {
            return exchange.text();
        }

        private void answered(OwnExchange.Reply reply) {
            ended(this, !reply.isBrokenOff() && isTaken());
        }
    }
}
