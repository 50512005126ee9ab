package dev.relais.dispatch;

import dev.relais.admission.Permits;
import dev.relais.admission.WaitingRoom;
import dev.relais.balancer.Balancer;
import dev.relais.slot.WorkerKind;

/**
 * One kind of worker process, with everything that brings invocations to its children. Any child of a pool may serve any
 * invocation in the pool's waiting room, and no other, so each child that is claimed for the room can be used.
 *
 * @param kind of the worker processes
 * @param ranking of the workers of this kind
 * @param waitingRoom of the invocations that wait for one of their children
 * @param dispatch brings the two together
 */
public record Pool(WorkerKind kind, Balancer ranking, WaitingRoom<Runner> waitingRoom, Dispatch dispatch) {
    /** How many invocations may run at a time beyond what functions have reserved. */
    public Permits permits() {
        return waitingRoom.permits();
    }
}
