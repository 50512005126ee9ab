package dev.relais.gateway;

import dev.relais.admission.WaitingRoom;
import dev.relais.balancer.Balancer;
import dev.relais.worker.Child;
import dev.relais.worker.SlotListener;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/**
 * Brings invocations and free children together: at once, or through the waiting room. A slot that becomes free is handed
 * straight to the one that has waited longest.
 *
 * <p>Any event loop, without a lock. That nobody waits while a child is free rests on one order of steps (DESIGN.md fact 3):
 * who waits enters the room first and then tries once more to claim; who releases publishes first and then looks into the room.
 */
@Singleton
public class Dispatch implements SlotListener {
    private final Balancer balancer;
    private final WaitingRoom room;

    @Inject
    Dispatch(Balancer balancer, WaitingRoom room) {
        this.balancer = balancer;
        this.room = room;
    }

    /**
     * Runs the invocation now, or puts it into the room.
     *
     * @return false when the room is full: the invocation is the caller's to refuse
     */
    boolean submit(Invocation invocation, int loop, long nowNanos) {
        Child child = balancer.claim(loop, nowNanos);
        if (child != null) {
            invocation.run(child);
            return true;
        }
        if (!room.enter(invocation)) {
            return false;
        }
        invocation.waits();
        serveWaiting(loop, nowNanos);
        return true;
    }

    @Override
    public void freed(Child child) {
        Invocation next = (Invocation) room.poll();
        if (next != null) {
            next.run(child);
        } else {
            release(child);
        }
    }

    /** Takes back a slot that its owner does not use after all. Any loop. */
    void giveBack(Child child) {
        if (child.loop().inEventLoop()) {
            freed(child);
        } else {
            child.loop().execute(() -> freed(child));
        }
    }

    /** @return false when it is being served in this very moment */
    boolean leave(Invocation waiting, boolean waitOver) {
        return room.leave(waiting, waitOver);
    }

    long maxWaitMillis() {
        return room.maxWaitMillis();
    }

    private void release(Child child) {
        balancer.release(child);
        if (!room.isEmpty()) {
            serveWaiting(child.loopIndex(), System.nanoTime());
        }
    }

    private void serveWaiting(int loop, long nowNanos) {
        while (!room.isEmpty()) {
            Child child = balancer.claim(loop, nowNanos);
            if (child == null) {
                return;
            }
            Invocation next = (Invocation) room.poll();
            if (next != null) {
                next.run(child);
            } else if (child.loop().inEventLoop()) {
                // Another loop is between two steps of its own: look again, but in this loop and not in a recursion.
                balancer.release(child);
            } else {
                child.loop().execute(() -> freed(child));
            }
        }
    }
}
