package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.admission.CircuitBreaker;
import dev.relais.admission.FunctionBreakers;
import dev.relais.admission.Gate;
import dev.relais.admission.Limits;
import dev.relais.admission.TestAdmission;
import dev.relais.admission.WaitingRoom;
import dev.relais.dispatch.Pool;
import dev.relais.dispatch.Run;
import dev.relais.dispatch.Runner;
import dev.relais.dispatch.TestPools;
import dev.relais.functions.FunctionFixture;
import dev.relais.functions.FunctionSettings;
import dev.relais.functions.PhpFunction;
import dev.relais.http.Callbacks;
import dev.relais.http.Edge;
import dev.relais.http.Problem;
import dev.relais.slot.Slot;
import dev.relais.telemetry.Meters;
import dev.relais.telemetry.Timeline;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Uses a pool without workers, and an event loop whose clock stands until the test moves it. */
class ChildClaimTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ScriptedClient client = new ScriptedClient();
    private final List<String> told = new ArrayList<>();
    private long now = -3; // a clock reading may be negative

    private final WaitingRoom<Runner> room = TestAdmission.room(4, Duration.ofSeconds(10));
    private final Pool pool = TestPools.empty(room, () -> now);
    private final Gate gate = room.newGate();
    private final FunctionBreakers breakers = TestAdmission.breakers("scripted", () -> now);
    private final FunctionState state = new FunctionState("scripted", null, pool, gate, breakers);
    private final PhpFunction function = FunctionFixture.function("scripted", FunctionSettings.defaults(60_000));

    private final class Claimant implements ChildClaim.Listener {
        @Override
        public boolean isDone() {
            return false;
        }

        @Override
        public void childIsThere(Slot slot, Run run) {
            told.add("child");
        }

        @Override
        public void childIsRefused(Problem problem, int seconds) {
            told.add(problem + " " + seconds);
        }
    }

    private ChildClaim claim() {
        channel.freezeTime();
        ChildClaim claim = claimWithoutScript();
        claim.script(state, function, 9_000);
        return claim;
    }

    private ChildClaim claimWithoutScript() {
        Edge edge = new Edge(channel.eventLoop(), 0, () -> 0);
        Callbacks callbacks = new Callbacks(() -> told.add("fault"), () -> {}, () -> {});
        return new ChildClaim(
                new Claimant(),
                edge,
                client.request,
                Meters.ofInvocations(),
                callbacks,
                () -> now,
                new Timeline(null, now));
    }

    private void pass(long nanos) {
        now += nanos;
        channel.advanceTimeBy(nanos, TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void whoFindsNoChildWaitsAndIsRefusedWhenTheWaitIsOver() {
        claim().begin(now);
        assertEquals(1, room.length());
        pass(10 * SECOND - 1);
        assertEquals(List.of(), told);
        pass(1);
        pass(SECOND); // for the second look of a loop that may be late
        assertEquals(List.of("OVERLOADED 1"), told);
        assertEquals(0, room.length());
        assertEquals(0, gate.running());
    }

    @Test
    void aClientThatWaitsNoLongerIsRefusedEarlier() {
        client.request.headers().set("X-Request-Timeout", "2000");
        claim().begin(now);
        pass(1_900 * SECOND / 1_000); // a twentieth is for the way
        pass(SECOND);
        assertEquals(List.of("OVERLOADED 1"), told);
    }

    @Test
    void whoLeavesIsToldNothingMore() {
        ChildClaim claim = claim();
        claim.begin(now);
        claim.leave();
        claim.leave();
        claim.end();
        pass(20 * SECOND);
        pass(SECOND);
        assertEquals(List.of(), told);
        assertEquals(0, room.length());
    }

    @Test
    void aFullRoomRefusesAtOnce() {
        for (int i = 0; i < 3; i++) {
            claim().begin(now);
        }
        assertEquals(List.of(), told);
        claim().begin(now);
        assertEquals(List.of("OVERLOADED 1"), told);
        assertEquals(3, room.length());
    }

    @Test
    void aFunctionThatRunsAsOftenAsItMayIsSaidToBeTheReason() {
        gate.limits(new Limits(1, 0, Limits.USUAL_PRIORITY, 0));
        assertEquals(Gate.Entry.ADMITTED, gate.tryEnter());
        claim().begin(now);
        assertEquals(List.of("FUNCTION_LIMIT 1"), told);
    }

    @Test
    void aScriptThatKillsItsProcessesIsRefusedBeforeItsBodyIsRead() {
        ChildClaim claim = claim();
        assertFalse(claim.isRefused());
        CircuitBreaker breaker = breakers.own();
        breaker.crashed(breaker.enter(), SECOND);
        assertTrue(claim.isRefused());
        assertEquals(List.of("POISONED 1"), told);
        now += SECOND;
        assertFalse(claim.isRefused(), "one may be tried");
    }

    @Test
    void whoHasNoScriptYetHasNothingToLeave() {
        ChildClaim claim = claimWithoutScript();
        claim.leave();
        claim.end();
        assertEquals(List.of(), told);
    }
}
