package dev.relais.admission;

import dev.relais.MovingMean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One function's gate: counts those that run, lets in as many as its limits and the shared permits admit, and counts those that
 * wait before it in the {@link WaitingRoom}. It outlives reloads; its limits may change while invocations run. Any thread, no lock.
 */
public final class Gate implements ComputingLimit.Runs {
    /** The result of an attempt to go through. */
    public enum Entry {
        /** The run is through. {@link #exit} has to be called once for it. */
        ADMITTED,
        /** As many invocations run as the function may have. */
        OWN_LIMIT,
        /** All children that are not reserved for other functions are taken. */
        NO_PERMIT,
        /** The function computes, and enough invocations that compute run. */
        HELD_BACK
    }

    /** How many runs make the moving means: some seconds of a busy function, so that a single burst does not decide. */
    private static final int RUNS = 32;

    private static final Gate[] NONE = {};

    private final Permits permits;
    private final @Nullable Gate within; // for a narrow gate, the function's own; null when this is the function's own
    private final int most; // runs at a time through a narrow gate
    private volatile Gate[] narrow = NONE; // those within this one
    /**
     * The high half is the reservation, the low half the number of runs. They share one word, because together they say how
     * many runs hold a permit.
     */
    private final AtomicLong state = new AtomicLong();

    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final ServiceTime service = new ServiceTime();
    private volatile boolean active; // runs have ended since the last tick
    private volatile Limits limits = Limits.NONE;
    private final MovingMean usual = MovingMean.fromFirst(RUNS); // nanoseconds; 0 until a run has ended
    private final MovingMean deviation = MovingMean.fromFirst(RUNS); // the mean distance from the usual
    private final CpuShare cpuShare = new CpuShare();
    /** How many runs help at a time, as {@link ComputingLimit} says; {@link Integer#MAX_VALUE} when the children are the only limit. */
    private volatile int helpful = Integer.MAX_VALUE;

    private volatile boolean listed; // by the ComputingLimit, whose lock guards it
    private boolean ended; // whether runs have ended before this tick; of the thread of the tick, as the next one
    private int silentTicks; // in which no run has ended

    public Gate(Permits permits) {
        this(permits, null, Integer.MAX_VALUE);
    }

    private Gate(Permits permits, @Nullable Gate within, int most) {
        this.permits = permits;
        this.within = within;
        this.most = most;
    }

    /**
     * Makes a gate within this one, which must be the function's own. A run goes through both gates, with at most {@code most}
     * runs at a time.
     */
    synchronized Gate narrow(int most) {
        Gate made = new Gate(permits, this, most);
        Gate[] more = Arrays.copyOf(narrow, narrow.length + 1);
        more[narrow.length] = made;
        narrow = more;
        return made;
    }

    /** Removes a narrow gate that is no longer used. */
    void leave() {
        if (within != null) {
            within.forget(this);
        }
    }

    private synchronized void forget(Gate unused) {
        List<Gate> others = new ArrayList<>(List.of(narrow));
        others.remove(unused);
        narrow = others.toArray(NONE);
    }

    boolean isWithin(Gate function) {
        return within == function;
    }

    /** The function's own gate, which may be this one. */
    Gate own() {
        return within == null ? this : within;
    }

    /** The narrow gates within this one. */
    Gate[] narrow() {
        return narrow;
    }

    public Limits limits() {
        if (within == null) {
            return limits;
        }
        Limits all = within.limits;
        return new Limits(Math.min(most, all.concurrency()), 0, all.priority(), all.queue());
    }

    /**
     * Sets new limits, which count from now on; running invocations are not stopped. One thread at a time. The caller then
     * tells the waiting room, since more invocations may be admitted now.
     */
    public void limits(Limits changed) {
        limits = changed;
        long before;
        long after;
        do {
            before = state.get();
            after = (long) changed.reserved() << 32 | before & 0xFFFF_FFFFL;
        } while (!state.compareAndSet(before, after));
        permits.reserve(reserved(after) - reserved(before));
        permits.correct(shared(after) - shared(before));
    }

    /** Goes through, or returns why that is not allowed. Does not wait. */
    public Entry tryEnter() {
        return within == null ? tryEnterOwn() : tryEnterNarrow(within);
    }

    private Entry tryEnterNarrow(Gate function) {
        long now;
        do {
            now = state.get();
            if (running(now) >= most) {
                return Entry.OWN_LIMIT;
            }
        } while (!state.compareAndSet(now, now + 1));
        Entry entry = function.tryEnter();
        if (entry != Entry.ADMITTED) {
            state.decrementAndGet();
        }
        return entry;
    }

    private Entry tryEnterOwn() {
        int most = limits.concurrency();
        while (true) {
            long now = state.get();
            if (running(now) >= most) {
                return Entry.OWN_LIMIT;
            }
            boolean shared = running(now) >= reserved(now);
            if (shared && helpful < Integer.MAX_VALUE && !permits.computing().admits(this)) {
                return Entry.HELD_BACK;
            }
            if (shared && !permits.tryAcquire()) {
                if (state.get() == now) {
                    return Entry.NO_PERMIT;
                }
            } else if (state.compareAndSet(now, now + 1)) {
                return Entry.ADMITTED;
            } else if (shared) {
                permits.release();
            }
        }
    }

    /**
     * A run that went through has ended.
     *
     * @param heldNanos for how long it has had its child; negative when that says nothing
     */
    public void exit(long heldNanos) {
        long before = state.getAndDecrement();
        if (within != null) {
            within.exit(heldNanos);
            return;
        }
        if (running(before) > reserved(before)) {
            permits.release();
        }
        if (heldNanos >= 0) {
            service.observe(heldNanos);
            if (!active) {
                active = true;
                permits.ticks(this);
            }
            double known = usual.value();
            deviation.add(known == 0 ? heldNanos / 2.0 : Math.abs(heldNanos - known));
            usual.add(heldNanos);
        }
    }

    private static int running(long state) {
        return (int) state;
    }

    private static int reserved(long state) {
        return (int) (state >>> 32);
    }

    /** How many permits the function's runs hold. */
    private static int shared(long state) {
        return Math.max(0, running(state) - reserved(state));
    }

    /** Invocations of this function that have a child now. */
    @Override
    public int running() {
        return running(state.get());
    }

    boolean isAtOwnLimit() {
        return running() >= limits().concurrency() || within != null && within.isAtOwnLimit();
    }

    /** Nanoseconds that a child is usually held; 0 before the first end. */
    public double usualNanos() {
        return own().usual.value();
    }

    /**
     * Nanoseconds within which nearly every run ends: the usual time plus four mean deviations, as TCP's retransmission timer
     * has it (RFC 6298 section 2). A run that has only the usual time left would be late in half of all cases.
     */
    public double likelyNanos() {
        Gate own = own();
        return own.usual.value() + 4 * own.deviation.value();
    }

    /** Nanoseconds that a run holds a child at least, as {@link ServiceTime} says. */
    double serviceNanos(long patienceNanos) {
        Gate own = own();
        return ServiceTime.isPatient(patienceNanos) ? own.service.nanos(patienceNanos) : own.usual.value();
    }

    /** Runs have ended since the last tick. By the thread of the sampler's tick. */
    void tick() {
        active = false;
        ended = true;
        service.tick();
    }

    /** Whether the run that begins now is to be measured: see {@link #computed}. */
    public boolean wantsCpuTime(long nowNanos) {
        return permits.computing().wants(this, own().cpuShare, nowNanos);
    }

    /**
     * A run was measured, which has ended.
     *
     * @param ranNanos in which it had a processor
     * @param waitedNanos in which it waited for one
     * @param heldNanos for which it had its child
     */
    public void computed(long ranNanos, long waitedNanos, long heldNanos, long nowNanos) {
        Gate own = own();
        own.cpuShare.observe(ranNanos, Math.max(ranNanos, heldNanos - waitedNanos), nowNanos);
        own.helpful = permits.computing().helpfulOf(own.cpuShare.value(), permits.capacity());
    }

    /** Runs that help at a time; {@link Integer#MAX_VALUE}: it is not limited. */
    @Override
    public int helpful() {
        return helpful;
    }

    /** Whether it is limited, and may not have one more now. */
    boolean isHeldBack() {
        Gate own = own();
        return own.helpful < Integer.MAX_VALUE && !permits.computing().admits(own);
    }

    @Override
    public boolean isListed() {
        return listed;
    }

    @Override
    public void listed(boolean inList) {
        listed = inList;
    }

    /**
     * Whether none of its runs has ended for twice as long as they usually take: they wait for something, and others might not. Then it
     * may have twice as many. For the tick, which comes once a second at the most.
     */
    @Override
    public boolean isStuck(int children) {
        silentTicks = ended ? 0 : silentTicks + 1;
        ended = false;
        if (running() == 0 || silentTicks < 1 + 2 * usual.value() / 1e9) {
            return false;
        }
        helpful = 2 * helpful >= children ? Integer.MAX_VALUE : 2 * helpful;
        return true;
    }

    /** Invocations that wait now. */
    @Override
    public int waiting() {
        return waiting.get();
    }

    /** What the requests that wait now take in memory. */
    long waitingBytes() {
        return waitingBytes.get();
    }

    /**
     * One more waits, which takes so much memory.
     *
     * @return how many wait now
     */
    int entered(long bytes) {
        waitingBytes.addAndGet(bytes);
        return waiting.incrementAndGet();
    }

    /** One fewer waits. */
    void left(long bytes) {
        waitingBytes.addAndGet(-bytes);
        waiting.decrementAndGet();
    }
}
