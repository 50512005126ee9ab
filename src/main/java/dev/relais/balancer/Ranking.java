package dev.relais.balancer;

import dev.relais.slot.Slot;
import dev.relais.slot.SlotOwner;
import dev.relais.slot.Worker;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The workers sorted by score, the best first, and behind them those that are held back or ejected. A ranking is never changed
 * but replaced by the next one. Beside the array there is one bit per worker in use, which says whether it may have a free
 * slot.
 *
 * <p>A bit may be set although the worker is full: the next claimer then clears it. But it is never missing for long although
 * there is a free slot. A release frees the slot first and sets the bit afterwards; a claim clears the bit first and looks for
 * a slot once more afterwards; and a new ranking has all bits set before it is published. Workers that are held back or ejected
 * have no bit.
 */
final class Ranking {
    static final Ranking EMPTY = new Ranking(new Ranked[0], 0, 0, new int[0], null, 0, Long.MIN_VALUE / 2);

    private final Ranked[] places;
    private final int active;
    private final int leading;
    private final int[] patience;
    private final @Nullable AtomicReference<@Nullable Worker>
            probe; // null: this ranking has no probe; its content is null once the probe was tried
    private final boolean limited; // whether some worker that is in use may not use all its children
    private final int[] placeOf; // by worker id; -1: not in this ranking
    private final long sampledNanos;
    private final AtomicLongArray free;

    /**
     * @param places sorted, owned by this object from now on
     * @param active how many of them are neither held back nor ejected
     * @param leading how many of those have a score within the tolerance of the median
     * @param patience for each worker that is held back, in order: how many invocations must wait before its children are used
     * @param probe a worker that is held back or ejected and that one request is to try; null for none
     * @param ids one more than the highest worker id
     * @param sampledNanos {@link System#nanoTime} of the samples
     */
    Ranking(
            Ranked[] places,
            int active,
            int leading,
            int[] patience,
            @Nullable Worker probe,
            int ids,
            long sampledNanos) {
        this.places = places;
        this.active = active;
        this.leading = leading;
        this.patience = patience;
        this.probe = probe == null ? null : new AtomicReference<>(probe);
        this.sampledNanos = sampledNanos;
        this.placeOf = new int[ids];
        Arrays.fill(placeOf, -1);
        for (int i = 0; i < places.length; i++) {
            placeOf[places[i].worker().id()] = i;
        }
        this.free = new AtomicLongArray((active + 63) >> 6);
        boolean some = false;
        for (int i = 0; i < active; i++) {
            set(i >> 6, 1L << i);
            some |= !places[i].isWhole();
        }
        this.limited = some;
    }

    int size() {
        return places.length;
    }

    Ranked at(int place) {
        return places[place];
    }

    /** How many workers are neither held back nor ejected: they have the first places. */
    int active() {
        return active;
    }

    int leading() {
        return leading;
    }

    /**
     * Claims a free slot: of two workers drawn from the leading band the less busy one, else the best one that has any.
     *
     * @param band how many places to draw from, 1 to {@link #active}
     * @param random any 64 bits
     * @param waiting tells how many wait; asked only when some worker is held back
     * @return null when no slot is free that may be used
     */
    @Nullable
    Slot claim(int loop, int band, long random, IntSupplier waiting) {
        Slot slot = claimOfProbe(loop);
        if (slot == null) {
            slot = claimOfTwo(loop, band, random);
        }
        if (slot == null) {
            slot = claimByRank(loop);
        }
        return slot != null || active == places.length ? slot : claimOfHeld(loop, waiting.getAsInt());
    }

    /** Claims a slot of the worker that one request is to try, once. */
    @Nullable
    Slot claimOfProbe(int loop) {
        if (probe == null || probe.get() == null) {
            return null;
        }
        Worker tried = probe.getAndSet(null);
        return tried == null ? null : tried.tryClaim(loop);
    }

    private @Nullable Slot claimOfTwo(int loop, int band, long random) {
        // Multiply-shift instead of a modulo: two indexes out of one number, without a division.
        int chosen = (int) ((random & 0xFFFF_FFFFL) * band >>> 32);
        if (band > 1) {
            int other = (int) ((random >>> 32) * (band - 1) >>> 32);
            other += other >= chosen ? 1 : 0;
            if (!mayHaveFree(chosen) || mayHaveFree(other) && busy(other) < busy(chosen)) {
                chosen = other;
            }
        }
        // The bit is read first, because the bits of many workers share one cache line, while reading a worker loads
        // another one.
        return mayHaveFree(chosen) && hasRoom(places[chosen])
                ? places[chosen].worker().tryClaim(loop)
                : null;
    }

    /** Whether a worker that is neither held back nor ejected may have a free slot. */
    boolean mayHaveFree() {
        for (int w = 0; w < free.length(); w++) {
            if (free.get(w) != 0) {
                return true;
            }
        }
        return false;
    }

    private boolean mayHaveFree(int place) {
        return (free.get(place >> 6) & 1L << place) != 0;
    }

    private int busy(int place) {
        return places[place].worker().busy();
    }

    private boolean hasRoom(Ranked place) {
        return !limited || place.hasRoom();
    }

    private @Nullable Slot claimOfHeld(int loop, int waiting) {
        for (int i = active; i < places.length; i++) {
            if (waiting >= patience[i - active]) {
                Slot slot = places[i].worker().tryClaim(loop);
                if (slot != null) {
                    return slot;
                }
            }
        }
        return null;
    }

    /** Whether this slot, which is not free, may serve the next waiter instead of becoming free. */
    boolean mayServe(SlotOwner worker, IntSupplier waiting) {
        int place = place(worker);
        if (place < 0) {
            return false; // its generation does not serve yet, or no longer
        }
        return place < active
                ? places[place].isWhole() || places[place].worker().used() <= places[place].allowance()
                : waiting.getAsInt() >= patience[place - active];
    }

    private @Nullable Slot claimByRank(int loop) {
        for (int w = 0; w < free.length(); w++) {
            long bits;
            while ((bits = free.get(w)) != 0) {
                long bit = Long.lowestOneBit(bits);
                Ranked place = places[(w << 6) + Long.numberOfTrailingZeros(bit)];
                Slot slot = hasRoom(place) ? place.worker().tryClaim(loop) : null;
                if (slot != null) {
                    return slot;
                }
                clear(w, bit);
                if (place.worker().hasFree() && hasRoom(place)) {
                    set(w, bit);
                }
            }
        }
        return null;
    }

    /** A slot of this worker was freed before this call. */
    void released(SlotOwner worker) {
        int place = place(worker);
        if (place >= 0 && place < active) {
            set(place >> 6, 1L << place);
        }
    }

    /** -1 for a worker of another generation, which has the same ids. */
    private int place(SlotOwner worker) {
        int place = worker.id() < placeOf.length ? placeOf[worker.id()] : -1;
        return place >= 0 && places[place].worker() == worker ? place : -1;
    }

    private void set(int word, long bit) {
        long bits = free.get(word);
        while ((bits & bit) == 0 && !free.compareAndSet(word, bits, bits | bit)) {
            bits = free.get(word);
        }
    }

    private void clear(int word, long bit) {
        long bits = free.get(word);
        while ((bits & bit) != 0 && !free.compareAndSet(word, bits, bits & ~bit)) {
            bits = free.get(word);
        }
    }

    boolean isFresh(long nowNanos, long maxAgeNanos) {
        return nowNanos - sampledNanos <= maxAgeNanos;
    }
}
