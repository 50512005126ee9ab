package dev.relais.dispatch;

import dev.relais.admission.Gate;
import dev.relais.admission.Limits;
import dev.relais.admission.Refusal;
import dev.relais.admission.WaitingRoom;
import dev.relais.balancer.Balancer;
import dev.relais.slot.Slot;
import dev.relais.slot.SlotListener;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Assigns free children of one {@link Pool} to invocations, at once or through the waiting room. An invocation needs admission
 * by its function's {@link Gate} and a child. A child that becomes free goes straight to a waiting invocation, if there is one.
 *
 * <p>Any event loop, without a lock. An invocation that its gate admits neither waits nor is refused while a child that may be used is free,
 * because of one order of steps (src/docs/facts.md, fact 3): an invocation enters the room first and then tries once more to
 * get a child, and a thread that frees a child publishes it first and then looks into the room.
 */
public final class Dispatch implements SlotListener, WaitingRoom.Slots<Runner> {
    private final Balancer balancer;
    private final WaitingRoom<Runner> room;
    private final LongSupplier clock;
    private final Queue<Slot> offered = new ConcurrentLinkedQueue<>();
    private @Nullable Slot
            held; // claimed and not yet handed over; null for none; used only by the thread inside room.serve

    /** @param clock nanoseconds, as {@link System#nanoTime} */
    Dispatch(Balancer balancer, WaitingRoom<Runner> room, LongSupplier clock) {
        this.balancer = balancer;
        this.room = room;
        this.clock = clock;
        balancer.onPressure(room::length);
        balancer.onCapacity(this::onCapacity);
    }

    private void onCapacity(int children) {
        if (room.permits().capacity() != children) {
            room.permits().capacity(children);
            room.permitsChanged();
        }
        serve(); // more children of a worker that has returned may be used now
    }

    /** Lets the limits follow what was observed. Called once in each sampler interval. */
    void adapt() {
        room.adapt();
        serve();
    }

    /** Sets the limits of a function, which hold at once, also for invocations that wait already. Any thread. */
    public void limit(Gate gate, Limits limits) {
        room.limit(gate, limits);
        serve();
    }

    /**
     * Runs an invocation now, or puts it into the waiting room.
     *
     * @param loop index of the calling event loop
     * @return null when it runs or waits; otherwise the reason for which the caller has to refuse it
     */
    public @Nullable Refusal submit(Runner runner, int loop, long nowNanos) {
        if (room.isQuiet() && runsAtOnce(runner, loop, nowNanos)) {
            return null;
        }
        long maxWaitNanos = runner.maxWaitNanos();
        Refusal refusal = room.enter(runner, nowNanos, maxWaitNanos);
        if (refusal != null) {
            // A child may be free all the same: the thread that serves the room has not come to it yet, or it is held
            // for an instant.
            int held = balancer.heldForNotice();
            if (balancer.mayHaveFree() && runsAtOnce(runner, loop, nowNanos)) {
                serve();
                return null;
            }
            held = Math.max(held, balancer.heldForNotice());
            refusal = held == 0 ? refusal : room.enter(runner, nowNanos, maxWaitNanos, held);
        }
        if (refusal == null) {
            runner.waits();
        } else {
            room.refused(refusal);
        }
        serve();
        return refusal;
    }

    private boolean runsAtOnce(Runner runner, int loop, long nowNanos) {
        Gate gate = runner.gate();
        if (gate.tryEnter() != Gate.Entry.ADMITTED) {
            return false;
        }
        Slot slot = balancer.claim(loop, nowNanos);
        if (slot == null) {
            room.ended(gate, -1);
            return false;
        }
        runner.run(slot);
        return true;
    }

    /** A run has left its child, or was admitted by the gate and did not begin. Any thread. */
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

    /** Takes back a slot that its owner does not use after all. Any event loop. */
    public void takeBack(Slot slot) {
        LoopHop.onLoop(slot.loop(), () -> freed(slot));
    }

    /**
     * Takes an invocation out of the waiting room.
     *
     * @return false when it is not there, because it is being served or never entered
     */
    public boolean leave(Runner waiting, boolean waitOver) {
        return room.leave(waiting, waitOver, this);
    }

    /** Makes a slot claimable by all. Called on the slot's event loop. */
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
    public boolean claim(Runner first) {
        while ((held = offered.poll()) != null && !balancer.mayServe(held)) {
            putBack(held); // a new ranking was published, and no request goes to a child of an old generation
        }
        if (held == null) {
            held = balancer.claim(first.loopIndex(), clock.getAsLong());
        }
        return held != null;
    }

    @Override
    public void hand(Runner waiter) {
        Slot slot = Objects.requireNonNull(held); // by claim
        held = null;
        waiter.run(slot);
    }

    @Override
    public void release() {
        Slot slot = held;
        held = null;
        while (slot != null || (slot = offered.poll()) != null) {
            putBack(slot);
            slot = null;
        }
    }

    private void putBack(Slot slot) {
        if (slot.loop().inEventLoop()) {
            // No call of serve is needed: whoever enters the room now makes its serving thread go round once more.
            balancer.release(slot);
        } else {
            slot.loop().execute(() -> release(slot));
        }
    }
}
