package dev.relais.gateway;

import dev.relais.admission.Gate;
import dev.relais.admission.Limits;
import dev.relais.admission.Refusal;
import dev.relais.admission.Waiter;
import dev.relais.admission.WaitingRoom;
import dev.relais.balancer.Balancer;
import dev.relais.dispatch.LoopHop;
import dev.relais.slot.Slot;
import dev.relais.slot.SlotListener;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Brings invocations and free children together: at once, or through the waiting room. An invocation needs two things, the leave
 * of its function's {@link Gate} and a child; a child that becomes free goes straight to who waits for one.
 *
 * <p>Any event loop, without a lock. That nobody waits while a child is free rests on one order of steps (src/docs/facts.md, fact 3): who
 * waits enters the room first and then tries once more; who frees a child publishes first and then looks into the room.
 */
@Singleton
public class Dispatch implements SlotListener, WaitingRoom.Slots {
    private final Balancer balancer;
    private final WaitingRoom room;
    private final Queue<Slot> offered = new ConcurrentLinkedQueue<>();
    private Slot held; // of the one who serves the room; null: none

    @Inject
    Dispatch(Balancer balancer, WaitingRoom room) {
        this.balancer = balancer;
        this.room = room;
        balancer.onPressure(room::length);
        balancer.onCapacity(this::onCapacity);
    }

    private void onCapacity(int children) {
        if (room.permits().capacity() != children) {
            room.permits().capacity(children);
            room.permitsChanged();
        }
        serve(); // a new ranking may let in more of a worker that returns
    }

    @Scheduled(every = "${relais.sampler.interval}", concurrentExecution = ConcurrentExecution.SKIP)
    void onTick() {
        room.adapt();
        serve();
    }

    /** From now on, for those too who wait already. Any thread. */
    void limit(Gate gate, Limits limits) {
        room.limit(gate, limits);
        serve();
    }

    /**
     * Runs the invocation now, or puts it into the room.
     *
     * @return null when it runs or waits; else why it is the caller's to refuse
     */
    Refusal submit(Invocation invocation, int loop, long nowNanos) {
        Gate gate = invocation.gate();
        if (room.isQuiet() && gate.tryEnter() == Gate.Entry.ADMITTED) {
            Slot slot = balancer.claim(loop, nowNanos);
            if (slot != null) {
                invocation.run(slot);
                return null;
            }
            room.ended(gate, -1);
        }
        Refusal refusal = room.enter(invocation, nowNanos, invocation.patienceNanos());
        if (refusal == null) {
            invocation.waits();
        }
        serve();
        return refusal;
    }

    /** The child of an invocation is not at work for it any more, or it was let through the gate in vain. Any thread. */
    void ended(Gate gate, long heldNanos) {
        room.ended(gate, heldNanos);
        serve();
    }

    @Override
    public void freed(Slot slot) {
        if (room.isQuiet() || !balancer.mayServe(slot)) {
            release(slot);
        } else {
            offered.add(slot);
            room.serve(this);
        }
    }

    /** Takes back a slot that its owner does not use after all. Any loop. */
    void giveBack(Slot slot) {
        LoopHop.run(slot.loop(), () -> freed(slot));
    }

    /** @return false when it is being served in this very moment */
    boolean leave(Invocation waiting, boolean waitOver) {
        return room.leave(waiting, waitOver, this);
    }

    WaitingRoom room() {
        return room;
    }

    /** Makes a slot claimable by all. On its loop. */
    private void release(Slot slot) {
        balancer.release(slot);
        serve();
    }

    private void serve() {
        if (!room.isQuiet()) {
            room.serve(this);
        }
    }

    @Override
    public boolean claim(Waiter first) {
        while ((held = offered.poll()) != null && !balancer.mayServe(held)) {
            putBack(held); // a new ranking came between: an old generation's child must not get what is new
        }
        if (held == null) {
            held = balancer.claim(((Invocation) first).loopIndex(), System.nanoTime());
        }
        return held != null;
    }

    @Override
    public void hand(Waiter waiter) {
        Slot slot = held;
        held = null;
        ((Invocation) waiter).run(slot);
    }

    @Override
    public void giveBack() {
        Slot slot = held;
        held = null;
        while (slot != null || (slot = offered.poll()) != null) {
            putBack(slot);
            slot = null;
        }
    }

    private void putBack(Slot slot) {
        if (slot.loop().inEventLoop()) {
            balancer.release(slot); // who enters now makes the one who serves go round once more
        } else {
            slot.loop().execute(() -> release(slot));
        }
    }
}
