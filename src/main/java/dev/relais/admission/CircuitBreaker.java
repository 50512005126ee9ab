package dev.relais.admission;

import dev.relais.events.BreakerEvent;
import dev.relais.events.Events;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one function, or one script of an application, from killing PHP processes one after the other. A <i>killing run</i> is one during
 * which its process is killed. What counts is their share of all runs: a process may also be killed from outside, as the kernel does when
 * memory runs out, and a function that has run ten thousand times meanwhile is not to blame for one of them.
 *
 * <ul>
 *   <li>It is <b>suspicious</b> while at least a third of its runs that ended within the window were killing runs, or while at least two
 *       were and a third of the children's time that all its runs took was lost by them. Then at most two of its runs have a child at a
 *       time.
 *   <li>When there were at least {@code threshold} killing runs within the window, and they were at least a third of the runs that ended,
 *       it is refused (the breaker is <b>open</b>). After a pause one run is let through as a trial (half-open): if that kills its process
 *       the pause doubles, else it is served again (closed).
 * </ul>
 *
 * <p>A trial that has not ended when the pause has passed once more does not hold up the next one: another run is let through as a trial.
 * Runs that began before the breaker opened neither close it nor open it again. Any thread, no lock.
 */
public final class CircuitBreaker {
    /** The entry of a run that is refused. */
    public static final long REFUSED = -1;

    /**
     * The entry of a run that is let through and is not a trial. The entry of a trial is the number of the opening that it may
     * end.
     */
    private static final long USUAL = 0;

    /** The breaker acts when at least one in three runs is a killing run. */
    private static final int SHARE = 3;

    /** How many runs of a suspicious function may have a child at a time. */
    private static final int SUSPICIOUS_RUNS = 2;

    /**
     * Times are readings of {@link System#nanoTime}.
     *
     * @param open whether runs are refused
     * @param openings how often the breaker has opened so far
     * @param pauseNanos how long the pause of the last opening was; 0 before the first
     * @param nextTrialNanos when the next trial may begin; only while it is open
     * @param closedNanos when it was closed last; only after an opening
     * @param kills when the latest killing runs ended, oldest first; one fewer than the threshold at most
     */
    private record State(
            boolean open, long openings, long pauseNanos, long nextTrialNanos, long closedNanos, long[] kills) {}

    private static final long[] NO_KILLS = {};
    private static final State SOUND = new State(false, 0, 0, 0, 0, NO_KILLS);

    private final String function;
    private final @Nullable String script; // null when the function is one script
    private final Poison poison;
    private final Refusals refusals;
    private final Events events;
    private final LongSupplier clock;
    private final AtomicReference<State> state = new AtomicReference<>(SOUND);
    private final RunWindow window;
    private final AtomicReference<Gate> narrow = new AtomicReference<>(); // null until it is needed
    private volatile boolean suspicious; // as found when it was last asked for; a kill sets it

    /** The checked {@link PoisonConfig}. */
    record Poison(int threshold, Duration window, Duration pause, Duration pauseMax) {}

    /**
     * @param refusals where refused runs are counted
     * @param events receives an event when it opens or closes
     * @param clock nanoseconds, as {@link System#nanoTime}
     */
    CircuitBreaker(
            String function,
            @Nullable String script,
            Poison poison,
            Refusals refusals,
            Events events,
            LongSupplier clock) {
        this.function = function;
        this.script = script;
        this.window = new RunWindow(poison.window.toNanos(), clock.getAsLong());
        this.poison = poison;
        this.refusals = refusals;
        this.events = events;
        this.clock = clock;
    }

    private State state() {
        return Objects.requireNonNull(state.get()); // there is one from the start on
    }

    /** Whether a run that began now would be refused. A refusal is counted. This method begins nothing. */
    public boolean refuses() {
        State now = state();
        boolean refused = now.open && now.nextTrialNanos - clock.getAsLong() > 0;
        if (refused) {
            refusals.count(Refusal.POISONED);
        }
        return refused;
    }

    /**
     * A run is about to begin.
     *
     * @return the entry, which is passed to the method that says how the run ended; {@link #REFUSED}, which is counted, when
     *     the run may not begin
     */
    public long enter() {
        State now = state();
        while (now.open) {
            long nanos = clock.getAsLong();
            if (now.nextTrialNanos - nanos > 0) {
                refusals.count(Refusal.POISONED);
                return REFUSED;
            }
            State tried =
                    new State(true, now.openings, now.pauseNanos, nanos + now.pauseNanos, now.closedNanos, now.kills);
            if (state.compareAndSet(now, tried)) {
                return now.openings;
            }
            now = state();
        }
        return USUAL;
    }

    /** The run did not begin after all: if it was to be a trial, the next run may be one at once. */
    public void unused(long entry) {
        State now = state();
        if (isTrial(entry, now)) {
            long nanos = clock.getAsLong();
            state.compareAndSet(now, new State(true, now.openings, now.pauseNanos, nanos, now.closedNanos, now.kills));
        }
    }

    /**
     * The run has ended, and its process lives or was ended by us.
     *
     * @param heldNanos for how long it had its child; negative when that is not known
     */
    public void passed(long entry, long heldNanos) {
        if (poison.threshold > 0) {
            window.passed(clock.getAsLong(), heldNanos);
        }
        State now = state();
        if (isTrial(entry, now) && state.compareAndSet(now, closed(now, clock.getAsLong()))) {
            events.add(new BreakerEvent.Closed(function, script));
        }
    }

    private static boolean isTrial(long entry, State now) {
        return entry != USUAL && now.open && now.openings == entry;
    }

    /**
     * The run has killed its process.
     *
     * @param lostNanos the time from its begin until another process answered in place of the killed one
     */
    public void crashed(long entry, long lostNanos) {
        if (poison.threshold == 0) {
            return;
        }
        long nanos = clock.getAsLong();
        window.killed(nanos, lostNanos);
        boolean harmful = killsItsShare(window.sum(nanos));
        suspicious = true; // until isSuspicious finds that it is not so
        State now;
        State next;
        do {
            now = state();
            if (now.open && !isTrial(entry, now)) {
                return;
            }
            next = now.open || harmful && isOneTooMany(now.kills, nanos) ? opened(now, nanos) : counted(now, nanos);
        } while (!state.compareAndSet(now, next));
        if (next.open) {
            events.add(new BreakerEvent.Opened(
                    function,
                    script,
                    poison.threshold,
                    poison.window.toMillis(),
                    TimeUnit.NANOSECONDS.toMillis(next.pauseNanos)));
        }
    }

    /** Whether the killing run that ends now is the threshold-th within the window. */
    private boolean isOneTooMany(long[] kills, long nanos) {
        return kills.length == poison.threshold - 1
                && (kills.length == 0 || nanos - kills[0] <= poison.window.toNanos());
    }

    private static boolean killsItsShare(RunWindow.Sum sum) {
        return sum.killed() > 0 && sum.killed() * SHARE >= sum.ended();
    }

    private boolean isSuspicious() {
        if (!suspicious) {
            return false;
        }
        RunWindow.Sum sum = window.sum(clock.getAsLong());
        suspicious = killsItsShare(sum) || sum.killed() >= 2 && sum.lostNanos() * SHARE >= sum.heldNanos();
        return suspicious;
    }

    /** The gate that a run goes through now: the usual one, or while the function is suspicious a narrow one within that. */
    public Gate gate(Gate usual) {
        if (!isSuspicious() || usual.limits().concurrency() <= SUSPICIOUS_RUNS) {
            return usual;
        }
        Gate known = narrow.get();
        if (known != null && known.isWithin(usual)) {
            return known;
        }
        narrow.compareAndSet(known, usual.narrow(SUSPICIOUS_RUNS));
        return Objects.requireNonNull(narrow.get()); // set here, or by another thread in this moment
    }

    /** Whether a run that has gone through this gate has to go through a narrow one instead, because the function is suspicious now. */
    public boolean narrows(Gate entered) {
        return entered == entered.own() && gate(entered) != entered;
    }

    /**
     * Retires the breaker if nothing has run in the whole window and it holds no state that matters.
     *
     * @return whether it is retired
     */
    boolean retire() {
        Gate known = narrow.get();
        boolean idle = !isOpen()
                && window.sum(clock.getAsLong()).ended() == 0
                && (known == null || known.running() == 0 && known.waiting() == 0);
        if (idle && known != null) {
            known.leave();
        }
        return idle;
    }

    private static State closed(State now, long nanos) {
        return new State(false, now.openings, now.pauseNanos, 0, nanos, NO_KILLS);
    }

    private State counted(State now, long nanos) {
        int kept = Math.min(now.kills.length, poison.threshold - 2);
        long[] kills = new long[kept + 1];
        System.arraycopy(now.kills, now.kills.length - kept, kills, 0, kept);
        kills[kept] = nanos;
        return new State(false, now.openings, now.pauseNanos, 0, now.closedNanos, kills);
    }

    private State opened(State now, long nanos) {
        long most = poison.pauseMax.toNanos();
        boolean anew = now.pauseNanos == 0 || !now.open && nanos - now.closedNanos > most;
        long pause = anew ? poison.pause.toNanos() : Math.min(most, 2 * now.pauseNanos);
        return new State(true, now.openings + 1, pause, nanos + pause, now.closedNanos, NO_KILLS);
    }

    /** Whether runs are refused, but for a trial. */
    public boolean isOpen() {
        return state().open;
    }

    /** The time until the next trial, in nanoseconds; 0 when there may be one now, or the breaker is closed. */
    public long pauseLeftNanos() {
        State now = state();
        return now.open ? Math.max(0, now.nextTrialNanos - clock.getAsLong()) : 0;
    }

    /** The value for Retry-After: {@link #pauseLeftNanos} in seconds, rounded up, at least 1. */
    public int retryAfterSeconds() {
        return (int) Math.max(1, -Math.floorDiv(-pauseLeftNanos(), 1_000_000_000L));
    }

    public String function() {
        return function;
    }

    /** The script of an application; null when the function is one script. */
    public @Nullable String script() {
        return script;
    }
}
