package dev.relais.admission;

import dev.relais.ConfigurationProblem;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's own queue: a line at each gate, served in the order of priority and time, bounded by the deadlines of the
 * waiting invocations and by the memory that they take ({@link RoomBounds}). Requests wait here and never in PHP-FPM's backlog,
 * where they could not be counted, ordered or refused. A room belongs to one pool of workers, so any child that it claims may
 * serve any invocation in it.
 *
 * <p>Any event loop, no lock. A thread that has news for the room (a waiter entered or left, a child or a limit became free)
 * puts it into a queue and {@linkplain #serve serves} the room; if another thread is serving at that moment, that one goes
 * round once more instead. So the lines and their order have one owner at a time. No wake-up is lost (src/docs/facts.md, fact
 * 3): a waiter is counted before the last try to find a child for it, and a freed child is published before the room is checked
 * for waiters.
 */
public final class WaitingRoom<W extends Waiter<W>> {
    private static final Logger LOG = Logger.getLogger(WaitingRoom.class);

    /** Gives and takes children. Called only by the thread that serves. */
    public interface Slots<W> {
        /**
         * Takes hold of a free child.
         *
         * @param first the waiter that will probably get it
         * @return false when there is none
         */
        boolean claim(W first);

        /** Gives the child that was claimed last to this waiter, which has passed its function's gate. */
        void hand(W waiter);

        /** No more children are needed now, not even the one that was claimed last, if it was not handed on. */
        void release();
    }

    /** The least memory that a waiting request takes. */
    public static final int LEAST_BYTES = 8 << 10;

    private final RoomBounds bounds;
    private final Duration maxWait;
    private final long priorityNanos;
    private final Permits permits;
    private final WaitEstimate estimate;

    private final Queue<W> news = new ConcurrentLinkedQueue<>();
    private final Queue<Gate> woken = new ConcurrentLinkedQueue<>(); // the gates that may admit more now
    /** How often {@link #serve} was called since the serving thread has last looked; 0 while no thread serves. */
    private final AtomicInteger rounds = new AtomicInteger();

    private final AtomicInteger waiting = new AtomicInteger();
    private final Refusals refusals;
    private volatile boolean someReady; // a line waits for nothing but a child
    private volatile boolean someStarved; // a line waits for a permit
    private final Gate anybody; // stands for all gates when the permits change

    // The following field is confined to the thread that serves.
    private final Lines<W> lines;
    private final Runnable starving = () -> someStarved = true;

    /**
     * @param memory gives the bytes that requests may take now, which are counted elsewhere before the requests get here
     * @param processors on which the children run
     * @param compiledMillis for how long the JVM has compiled since its start
     * @throws ConfigurationProblem naming the key that is out of range
     */
    public WaitingRoom(
            QueueConfig config, LongSupplier memory, int processors, LongSupplier compiledMillis, Refusals refusals) {
        this(
                new RoomBounds(config.capacity().orElse(Integer.MAX_VALUE), memory),
                config.maxWait(),
                config.priorityStep(),
                config.adaptiveLimit() ? new ComputingLimit(processors, compiledMillis) : ComputingLimit.none(),
                refusals);
        QueueConfig.check(config);
    }

    WaitingRoom(int capacity, Duration maxWait, Duration priorityStep) {
        this(
                new RoomBounds(capacity, () -> Long.MAX_VALUE),
                maxWait,
                priorityStep,
                ComputingLimit.none(),
                new Refusals());
        QueueConfig.check(capacity, maxWait, priorityStep);
    }

    /**
     * @param maxWait and {@code priorityStep} in the ranges of {@link QueueConfig}
     * @param computing limits what computes
     */
    WaitingRoom(
            RoomBounds bounds, Duration maxWait, Duration priorityStep, ComputingLimit computing, Refusals refusals) {
        this.refusals = refusals;
        this.bounds = bounds;
        this.maxWait = maxWait;
        this.priorityNanos = priorityStep.toNanos();
        this.permits = new Permits(computing);
        this.estimate = new WaitEstimate(permits);
        this.lines = new Lines<>(estimate);
        this.anybody = new Gate(permits);
    }

    /** The permits for the children that no function has reserved. */
    public Permits permits() {
        return permits;
    }

    public Refusals refusals() {
        return refusals;
    }

    public Duration maxWait() {
        return maxWait;
    }

    /** How many invocations may wait: the configured number, or as many of the smallest ones as fit into the memory. */
    public int capacity() {
        return bounds.places(LEAST_BYTES);
    }

    /** How many invocations wait now. */
    public int length() {
        return waiting.get();
    }

    /**
     * Whether no waiter would take a free child. Then {@link #serve} has nothing to do, and a new invocation may try to get a
     * child without entering. A thread that frees a child publishes it before it calls this method.
     */
    public boolean isQuiet() {
        return !someReady && news.isEmpty() && woken.isEmpty();
    }

    /**
     * Lets a waiter in, unless by the present estimate it would not be served in time, or there is no place. The caller then
     * calls {@link #serve}.
     *
     * @param nowNanos {@link System#nanoTime}
     * @param maxWaitNanos how long it can wait at most
     * @return null when it is in; otherwise the reason of the refusal, for which the caller calls {@link #refused}
     */
    public @Nullable Refusal enter(W waiter, long nowNanos, long maxWaitNanos) {
        return enter(waiter, nowNanos, maxWaitNanos, 0);
    }

    /**
     * Lets a waiter in as above.
     *
     * @param spare children that are free and only held for an instant: so many more may wait than the bounds allow, as far as their
     *     functions may run
     */
    public @Nullable Refusal enter(W waiter, long nowNanos, long maxWaitNanos, int spare) {
        Gate gate = waiter.gate();
        int more = Math.min(spare, Math.max(0, gate.limits().concurrency() - gate.running()));
        int withIt = gate.entered(waiter.bytes()) - more;
        boolean tooMany = waiting.incrementAndGet() - more > bounds.invocations()
                || withIt > Math.min(gate.limits().queue(), bounds.invocationsOfOne())
                || gate.waitingBytes() > bounds.bytesOfOne();
        if (tooMany || estimate.nanos(gate, maxWaitNanos) > maxWaitNanos) {
            left(waiter);
            return gate.isAtOwnLimit() ? Refusal.FUNCTION_LIMIT : tooMany ? Refusal.QUEUE_FULL : Refusal.TOO_LATE;
        }
        waiter.enter(
                nowNanos - gate.limits().priority() * priorityNanos, (long) gate.serviceNanos(maxWait.toNanos()), (long)
                        gate.usualNanos());
        news.add(waiter);
        return null;
    }

    /** An invocation is refused for this reason. */
    public void refused(Refusal reason) {
        refusals.count(reason);
    }

    private void left(W waiter) {
        waiting.decrementAndGet();
        waiter.gate().left(waiter.bytes());
    }

    /** Seconds after which a refused client has a chance, at least 1 and at most 60: Retry-After. */
    public int retryAfterSeconds(Gate gate) {
        return (int) Math.max(1, Math.min(60, Math.ceil(estimate.nanos(gate, maxWait.toNanos()) / 1e9)));
    }

    /**
     * Takes out a waiter whose wait is over or whose client is gone.
     *
     * @param waitOver whether its wait is over, which counts as a refusal
     * @return false when it does not wait: it was served in that very moment, or never entered
     */
    public boolean leave(W waiter, boolean waitOver, Slots<W> slots) {
        if (!waiter.leave()) {
            return false;
        }
        if (waitOver) {
            refusals.count(Refusal.WAIT_OVER);
        }
        left(waiter);
        news.add(waiter);
        serve(slots);
        return true;
    }

    /** Makes the gate of one more function. */
    public Gate newGate() {
        return new Gate(permits);
    }

    /** Sets new limits of a function, which hold for those too who wait already. The caller then calls {@link #serve}. */
    public void limit(Gate gate, Limits limits) {
        gate.limits(limits);
        wakeAll(gate);
    }

    /**
     * A run has ended, or a run that the gate has admitted did not begin, so the gate's line may go on. The caller then calls
     * {@link #serve}, unless the room {@linkplain #isQuiet is quiet}.
     *
     * @param heldNanos for how long it has had its child; negative when that is not known
     */
    public void ended(Gate gate, long heldNanos) {
        gate.exit(heldNanos);
        wakeAll(gate.own());
    }

    /**
     * Lets gates and the adaptive limit learn from the runs that have ended. Called once in each sampler interval; the caller
     * then calls {@link #serve}.
     */
    public void adapt() {
        if (permits.adapt()) {
            permitsChanged();
        }
    }

    /** The {@link #permits} have changed. The caller then calls {@link #serve}. */
    public void permitsChanged() {
        woken.add(anybody);
    }

    /** Wakes the line of a function and those of its narrow gates, any of which may wait for what has become free. */
    private void wakeAll(Gate function) {
        wake(function);
        for (Gate narrow : function.narrow()) {
            wake(narrow);
        }
    }

    private void wake(Gate gate) {
        if (gate.waiting() > 0 || someStarved) {
            woken.add(gate);
        }
    }

    /** Brings waiters and free children together until there are no more of one of them. */
    public void serve(Slots<W> slots) {
        if (rounds.getAndIncrement() != 0) {
            return; // the thread that is serving goes round once more
        }
        int seen = 1;
        do {
            try {
                round(slots);
            } catch (RuntimeException e) {
                LOG.error("Queue cannot be served", e); // it must go on for all the others
            }
            seen = rounds.addAndGet(-seen);
        } while (seen != 0);
    }

    private void round(Slots<W> slots) {
        takeNews();
        W next;
        while (lines.isReady() && slots.claim(lines.first()) && (next = lines.next(starving)) != null) {
            left(next);
            slots.hand(next);
        }
        slots.release();
        someReady = lines.isReady();
    }

    private void takeNews() {
        Gate gate;
        while ((gate = woken.poll()) != null) {
            someStarved = false;
            lines.wake(gate);
        }
        W waiter;
        while ((waiter = news.poll()) != null) {
            if (waiter.isWaiting() && !waiter.inLine) {
                lines.add(waiter);
            } else if (!waiter.isWaiting() && waiter.inLine) {
                lines.remove(waiter);
            }
        }
        someReady = lines.isReady(); // before the try to find a child
    }
}
