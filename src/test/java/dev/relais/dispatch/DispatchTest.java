package dev.relais.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.admission.Gate;
import dev.relais.admission.Limits;
import dev.relais.admission.Refusal;
import dev.relais.admission.TestAdmission;
import dev.relais.admission.WaitingRoom;
import dev.relais.balancer.Balancer;
import dev.relais.balancer.Balancers;
import dev.relais.slot.Slot;
import dev.relais.slot.Slots;
import dev.relais.slot.Worker;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With one worker of two children that are no processes, scripted invocations, and a clock that stands until it is moved. */
class DispatchTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final EventLoop loop = new DefaultEventLoop();
    private final Worker worker = Slots.worker(0, 2, List.of(loop));
    private final WaitingRoom<Runner> room = TestAdmission.room(4, Duration.ofSeconds(10));
    private final Balancer balancer = Balancers.empty();
    private long now = -3; // a clock reading may be negative
    private final Dispatch dispatch = new Dispatch(balancer, room, () -> now);
    private final Gate gate = room.newGate();
    private final List<String> told = new ArrayList<>();

    private final class Invoked extends Runner {
        private final String name;
        private Slot slot;

        Invoked(String name, Gate own) {
            this.name = name;
            gate(own);
        }

        @Override
        public int loopIndex() {
            return 0;
        }

        @Override
        public void run(Slot claimed) {
            slot = claimed;
            told.add(name + " runs");
        }

        @Override
        public long maxWaitNanos() {
            return 10 * SECOND;
        }

        @Override
        public void waits() {
            told.add(name + " waits");
        }

        /** Its script has ended: its function has one run fewer, and its child is free. */
        void end() {
            dispatch.ended(gate(), SECOND);
            dispatch.freed(slot);
        }
    }

    @BeforeEach
    void rank() {
        Slots.prove(worker);
        Balancers.rank(balancer, List.of(worker));
    }

    private Invoked submit(String name, Gate own) {
        Invoked invoked = new Invoked(name, own);
        Refusal refusal = dispatch.submit(invoked, 0, ++now);
        if (refusal != null) {
            told.add(name + " " + refusal);
        }
        return invoked;
    }

    @Test
    void aFreeChildIsGivenAtOnce() {
        submit("a", gate);
        submit("b", gate);
        assertEquals(List.of("a runs", "b runs"), told);
        assertEquals(2, gate.running());
        assertFalse(worker.hasFree());
    }

    @Test
    void whenNoChildIsFreeWhoWaitsLongestGetsTheNextOne() {
        Invoked first = submit("a", gate);
        Invoked second = submit("b", gate);
        Invoked third = submit("c", gate);
        submit("d", gate);
        told.clear();
        second.end();
        assertEquals(List.of("c runs"), told);
        assertSame(second.slot, third.slot);
        first.end();
        assertEquals(List.of("c runs", "d runs"), told);
        assertEquals(2, gate.running());
        assertEquals(0, room.length());
    }

    @Test
    void aFunctionThatRunsAsOftenAsItMayLetsOthersPassWhoCameLater() {
        Gate narrow = room.newGate();
        dispatch.limit(narrow, new Limits(1, 0, Limits.USUAL_PRIORITY, 4));
        Invoked one = submit("narrow", narrow);
        Invoked other = submit("a", gate);
        submit("narrow too", narrow);
        submit("b", gate);
        told.clear();
        other.end();
        assertEquals(List.of("b runs"), told);
        one.end();
        assertEquals(List.of("b runs", "narrow too runs"), told);
        assertEquals(1, narrow.running());
    }

    @Test
    void whoHasLeftIsPassedOver() {
        Invoked first = submit("a", gate);
        submit("b", gate);
        Invoked gone = submit("c", gate);
        submit("d", gate);
        told.clear();
        assertTrue(dispatch.leave(gone, true));
        assertFalse(dispatch.leave(gone, true), "it has left already");
        first.end();
        assertEquals(List.of("d runs"), told);
        assertNull(gone.slot);
        assertEquals(1, room.refusals().of(Refusal.WAIT_OVER));
    }

    @Test
    void aFullRoomRefusesAndWhoIsRefusedDoesNotWait() {
        submit("a", gate);
        submit("b", gate);
        told.clear();
        for (String name : List.of("c", "d", "e", "f")) {
            submit(name, gate);
        }
        // One function has three quarters of the room.
        assertEquals(List.of("c waits", "d waits", "e waits", "f QUEUE_FULL"), told);
        assertEquals(3, room.length());
        assertEquals(2, gate.running());
    }

    @Test
    void higherLimitsCountForThoseWhoWaitAlready() {
        Gate narrow = room.newGate();
        dispatch.limit(narrow, new Limits(1, 0, Limits.USUAL_PRIORITY, 4));
        submit("a", narrow);
        submit("b", narrow);
        assertEquals(List.of("a runs", "b waits"), told);
        dispatch.limit(narrow, new Limits(2, 0, Limits.USUAL_PRIORITY, 4));
        assertEquals(List.of("a runs", "b waits", "b runs"), told);
    }

    /**
     * A thread that has woken the room and has not served it yet, or is in the middle of it, makes the room look as if somebody waited. On a
     * busy machine that lasts for many milliseconds.
     */
    @Test
    void whoMayNotWaitIsNotRefusedWhileAChildIsFree() {
        Gate waitsNever = room.newGate();
        dispatch.limit(waitsNever, new Limits(2, 0, Limits.USUAL_PRIORITY, 0));
        room.permitsChanged();
        submit("a", waitsNever);
        room.permitsChanged();
        submit("b", waitsNever);
        room.permitsChanged();
        submit("c", waitsNever);
        assertEquals(List.of("a runs", "b runs", "c FUNCTION_LIMIT"), told);
        assertEquals(1, room.refusals().of(Refusal.FUNCTION_LIMIT));
        assertEquals(0, room.length());
        assertEquals(2, waitsNever.running());
    }

    @Test
    void whoWouldWaitForTooLongIsNotRefusedWhileAChildIsFree() {
        assertSame(Gate.Entry.ADMITTED, gate.tryEnter());
        dispatch.ended(gate, 60 * SECOND);
        room.permitsChanged();
        submit("a", gate);
        room.permitsChanged();
        submit("b", gate);
        submit("c", gate);
        assertEquals(List.of("a runs", "b runs", "c TOO_LATE"), told);
        assertEquals(1, room.refusals().of(Refusal.TOO_LATE));
    }
}
