package dev.relais.admission;

import dev.relais.ConfigurationProblem;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * The gateway's own queue, first come, first served: bounded in length, and by deadline, since every waiter leaves by itself
 * when its wait is over. Requests wait here and never in PHP-FPM's backlog, where nobody could count, order or refuse them.
 *
 * <p>Lock-free; any event loop. The order of steps that loses no wake-up (DESIGN.md fact 3): who waits enters first and then
 * tries once more to claim; who releases frees first and then polls.
 */
@Singleton
public class WaitingRoom {
    /** Why an invocation was refused. */
    public enum Refusal {
        /** As many wait as may. */
        QUEUE_FULL,
        /** No child became free in time. */
        WAIT_OVER
    }

    private final int capacity;
    private final Duration maxWait;
    private final ConcurrentLinkedQueue<Waiter.Stay> queue = new ConcurrentLinkedQueue<>();
    /** Stays in {@link #queue}, those that have left but are not swept yet included: this is what bounds the memory. */
    private final AtomicInteger entered = new AtomicInteger();

    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder full = new LongAdder();
    private final LongAdder waitOver = new LongAdder();

    @Inject
    public WaitingRoom(QueueConfig config) {
        this(config.capacity(), config.maxWait());
    }

    /** @throws ConfigurationProblem naming the key that is out of range */
    WaitingRoom(int capacity, Duration maxWait) {
        if (capacity < 0 || capacity > 1_000_000) {
            throw new ConfigurationProblem(
                    "relais.queue.capacity", capacity, "is out of range", "set it to 0 to 1000000");
        }
        if (maxWait.toMillis() < 1 || maxWait.toHours() > 24) {
            throw new ConfigurationProblem(
                    "relais.queue.max-wait", maxWait, "is out of range", "set it to 1ms to 24h, such as 10s");
        }
        this.capacity = capacity;
        this.maxWait = maxWait;
    }

    /** Milliseconds that a waiter may wait, at least 1. */
    public long maxWaitMillis() {
        return maxWait.toMillis();
    }

    public int capacity() {
        return capacity;
    }

    /** How many wait now. */
    public int length() {
        return waiting.get();
    }

    /** Asks the queue and not the counter: whoever is told false must find somebody, or take out those that have left. */
    public boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Refusals since the start, by reason. */
    public long refused(Refusal reason) {
        return (reason == Refusal.QUEUE_FULL ? full : waitOver).sum();
    }

    /** @return false when the room is full: the invocation is refused */
    public boolean enter(Waiter waiter) {
        if (entered.incrementAndGet() > capacity) {
            entered.decrementAndGet();
            full.increment();
            return false;
        }
        waiting.incrementAndGet();
        queue.add(waiter.enter());
        return true;
    }

    /** Takes out the one that has waited longest. @return null when nobody waits */
    public Waiter poll() {
        Waiter.Stay stay;
        while ((stay = queue.poll()) != null) {
            entered.decrementAndGet();
            if (stay.end()) {
                waiting.decrementAndGet();
                return stay.waiter();
            }
        }
        return null;
    }

    /**
     * Takes out a waiter whose wait is over or whose client is gone.
     *
     * @param waitOver true counts a refusal
     * @return false when it does not wait: it was served in that very moment, or never entered
     */
    public boolean leave(Waiter waiter, boolean waitOver) {
        if (!waiter.leave()) {
            return false;
        }
        waiting.decrementAndGet();
        if (waitOver) {
            this.waitOver.increment();
        }
        sweep();
        return true;
    }

    /** Drops those at the head that have left. All wait equally long, so those whose wait is over are at the head. */
    private void sweep() {
        Waiter.Stay head;
        while ((head = queue.peek()) != null && head.isOver()) {
            if (queue.remove(head)) {
                entered.decrementAndGet();
            }
        }
    }
}
