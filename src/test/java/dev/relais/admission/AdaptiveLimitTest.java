package dev.relais.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The test gives ticks and latencies; no clock runs. */
class AdaptiveLimitTest {
    private static final int CHILDREN = 32;

    private final AdaptiveLimit limit = new AdaptiveLimit();

    private void tick(double relativeLatency, int running) {
        for (int i = 0; i < 100; i++) {
            limit.observe(relativeLatency);
        }
        limit.tick(1, CHILDREN, running);
    }

    /** Runs that share two cores: the more of them run, the longer each of them takes. */
    private void computeOnTwoCores(int ticks) {
        for (int i = 0; i < ticks; i++) {
            int running = Math.min(CHILDREN, limit.limit());
            tick(Math.max(1, running / 2.0), running);
        }
    }

    @Test
    void isTheNumberOfChildrenAtFirst() {
        limit.tick(1, CHILDREN, 0);
        assertEquals(CHILDREN, limit.limit());
    }

    @Test
    void comesDownToAFewForRunsThatStandInEachOthersWay() {
        computeOnTwoCores(40);
        assertTrue(limit.limit() >= 4 && limit.limit() <= 10, "limit " + limit.limit());
    }

    @Test
    void staysAtTheChildrenForRunsThatWait() {
        for (int i = 0; i < 40; i++) {
            tick(1.1, CHILDREN);
        }
        assertEquals(CHILDREN, limit.limit());
    }

    @Test
    void growsAgainInSecondsWhenRunsAreFastAgain() {
        computeOnTwoCores(40);
        for (int i = 0; i < 9; i++) {
            tick(1, limit.limit());
        }
        assertEquals(CHILDREN, limit.limit());
    }

    @Test
    void learnsNothingFromAFewRunsOrWhenHalfOfItIsUnused() {
        computeOnTwoCores(40);
        int before = limit.limit();
        for (int i = 0; i < 40; i++) {
            tick(1, before / 2 - 1);
            limit.observe(100);
            limit.tick(1, CHILDREN, before);
        }
        assertEquals(before, limit.limit());
    }

    @Test
    void neverLeavesItsBounds() {
        for (int i = 0; i < 100; i++) {
            for (int run = 0; run < 100; run++) {
                limit.observe(1000);
            }
            limit.tick(7, CHILDREN, CHILDREN);
        }
        assertEquals(7, limit.limit());
        limit.tick(1, 3, 0);
        assertEquals(3, limit.limit());
    }

    @Test
    void permitsKeepTheLimitAndTheReservations() {
        Permits permits = new Permits(limit);
        Gate reserved = new Gate(permits);
        reserved.limits(new Limits(8, 3, 5, 8));
        Gate other = new Gate(permits);
        permits.capacity(CHILDREN);
        for (int i = 0; i < 100; i++) {
            for (int run = 0; run < 100; run++) {
                limit.observe(1000);
            }
            while (other.tryEnter() == Gate.Entry.ADMITTED) {}
            permits.adapt();
        }
        while (other.running() > 0) {
            other.exit(-1);
        }

        assertEquals(4, permits.usable()); // one more than what is reserved
        assertEquals(Gate.Entry.ADMITTED, other.tryEnter());
        assertEquals(Gate.Entry.NO_PERMIT, other.tryEnter());
        for (int i = 0; i < 3; i++) {
            assertEquals(Gate.Entry.ADMITTED, reserved.tryEnter());
        }
    }

    /** A slow function is not congestion, and being called more often does not make it so. */
    @Test
    void aSlowFunctionDoesNotLowerIt() {
        Permits permits = new Permits(limit);
        permits.capacity(CHILDREN);
        Gate fast = new Gate(permits);
        Gate slow = new Gate(permits);
        runs(fast, 1_000_000, 600);
        runs(slow, 500_000_000, 600);
        for (int i = 0; i < 20; i++) {
            while (slow.running() < CHILDREN) {
                slow.tryEnter();
            }
            runs(slow, 500_000_000, 30);
            permits.adapt();
        }
        assertEquals(CHILDREN, permits.usable());
    }

    private static final class Guest extends Waiter<Guest> {
        Guest(Gate gate) {
            gate(gate);
        }
    }

    @Test
    void whoWaitsIsServedWhenItGrows() {
        RoomBounds bounds = new RoomBounds(10, Long.MAX_VALUE);
        WaitingRoom<Guest> room =
                new WaitingRoom<>(bounds, Duration.ofSeconds(10), Duration.ofSeconds(1), true, new Refusals());
        room.permits().capacity(8);
        Desk<Guest> desk = new Desk<>(8);
        Gate gate = room.newGate();
        runs(gate, 1_000_000, 600);
        saturate(room, gate, 64_000_000);
        assertTrue(room.permits().usable() < 8);
        Guest waiter = new Guest(gate);
        room.enter(waiter, 0, Long.MAX_VALUE);
        room.serve(desk);
        assertTrue(desk.handed.isEmpty(), "all that may run do");

        for (int i = 0; i < 100 && desk.handed.isEmpty(); i++) {
            saturate(room, gate, 1_000_000);
            room.serve(desk);
        }
        assertEquals(List.of(waiter), List.copyOf(desk.handed));
    }

    /** As many invocations run as are allowed, each for {@code nanos}, until the next tick. */
    private static void saturate(WaitingRoom<?> room, Gate gate, long nanos) {
        while (gate.tryEnter() == Gate.Entry.ADMITTED) {}
        for (int i = 0; i < 30; i++) {
            gate.exit(nanos);
            gate.tryEnter();
        }
        room.adapt();
    }

    private static void runs(Gate gate, long nanos, int count) {
        for (int i = 0; i < count; i++) {
            gate.tryEnter();
            gate.exit(nanos);
        }
    }

    @Test
    void withoutTheOptionOnlyTheChildrenAreTheLimit() {
        Permits permits = new Permits();
        permits.capacity(CHILDREN);
        Gate gate = new Gate(permits);
        for (int i = 0; i < 1000; i++) {
            runs(gate, 1_000_000L * (i + 1), 1);
        }
        assertFalse(permits.adapt());
        assertEquals(CHILDREN, permits.usable());
    }

    @Test
    void aBaselineIsTheLeastOfTheMeansAndComesUpInTenMinutes() {
        Baseline baseline = new Baseline();
        for (int i = 0; i < 511; i++) {
            assertTrue(baseline.observe(100, 0) < 0, "too few are known");
        }
        assertEquals(1, baseline.observe(100, 0), 0.01);
        assertEquals(4, baseline.observe(400, 0), 0.01);
        for (int i = 0; i < 5000; i++) {
            baseline.observe(400, 1);
        }
        assertEquals(4, baseline.observe(400, 1), 0.1);
        for (int second = 2; second < 602; second++) {
            baseline.observe(400, second);
        }
        assertTrue(baseline.observe(400, 602) < 2, "forgotten");
        for (int i = 0; i < 5000; i++) {
            baseline.observe(50, 603);
        }
        assertEquals(1, baseline.observe(50, 603), 0.01);
    }
}
