package dev.relais.cache;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * One question to PHP, and the requests that wait for its answer: the followers. They hold nothing but their place here. Each follower
 * is told once: that the answer arrives or is there, or that it has to ask PHP itself. Any thread; no locks: a follower that comes
 * while the outcome is made known either is found in the queue by the thread that makes it known, or finds the outcome itself.
 */
public final class Flight {
    /** Called on any thread, once. */
    public interface Follower {
        /** The answer arrives, or is there already. */
        void arrives(Recording recording);

        /** The stored answer is still valid, or is to be given although it is stale. */
        void stands(Stored stored);

        /** Nobody else's answer can be had, so that the request goes on by itself. */
        void released();

        /** The request that was to ask has gone before it did: the next one boards again. */
        void vacated();
    }

    private final String key;
    private final Queue<Follower> followers = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Outcome outcome; // null: not known yet
    private volatile long moment = Long.MAX_VALUE; // when PHP was asked; later than all others while it was not

    /** How it came out. */
    private sealed interface Outcome {
        record Arrives(Recording recording) implements Outcome {}

        record Stands(Stored stored) implements Outcome {}

        record Released() implements Outcome {}

        record Vacated() implements Outcome {}
    }

    Flight(String key) {
        this.key = key;
    }

    String key() {
        return key;
    }

    /** PHP is asked now, for the last time: of a run that is repeated only the last one counts. */
    void begin(long now) {
        moment = now;
    }

    /** When PHP was asked, on the clock of {@link Purges}. */
    long moment() {
        return moment;
    }

    /** Joins it. The follower may be told at once. */
    public void join(Follower follower) {
        followers.add(follower);
        Outcome known = outcome;
        if (known != null && followers.remove(follower)) {
            tell(follower, known);
        }
    }

    /** Leaves it, because the request has ended; the follower is not told any more, unless that has just begun. */
    public void leave(Follower follower) {
        followers.remove(follower);
    }

    boolean isFollowed() {
        return !followers.isEmpty();
    }

    boolean isSettled() {
        return outcome != null;
    }

    void arrives(Recording recording) {
        settle(new Outcome.Arrives(recording));
    }

    void stands(Stored stored) {
        settle(new Outcome.Stands(stored));
    }

    void release() {
        settle(new Outcome.Released());
    }

    void vacate() {
        settle(new Outcome.Vacated());
    }

    /** Of two outcomes the first counts. */
    private void settle(Outcome known) {
        if (outcome != null) {
            return;
        }
        outcome = known;
        Follower next;
        while ((next = followers.poll()) != null) {
            tell(next, known);
        }
    }

    private static void tell(Follower follower, Outcome known) {
        if (known instanceof Outcome.Arrives arrives) {
            follower.arrives(arrives.recording());
        } else if (known instanceof Outcome.Stands stands) {
            follower.stands(stands.stored());
        } else if (known instanceof Outcome.Vacated) {
            follower.vacated();
        } else {
            follower.released();
        }
    }
}
