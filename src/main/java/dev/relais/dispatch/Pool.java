package dev.relais.dispatch;

import dev.relais.admission.Permits;
import dev.relais.admission.WaitingRoom;
import dev.relais.balancer.Balancer;

/**
 * Workers of one kind, with everything that brings invocations to their children. Any child of a pool may serve any
 * invocation in the pool's waiting room, and no other, so each child that is claimed for the room can be used.
 *
 * @param ranking of the workers
 * @param waitingRoom of the invocations that wait for one of their children
 * @param dispatch brings the two together
 */
public record Pool(Balancer ranking, WaitingRoom<Runner> waitingRoom, Dispatch dispatch) {
    /** How many invocations wait for one of its children. */
    public int waiting() {
        return waitingRoom.length();
    }

    /** How many invocations may run at a time beyond what functions have reserved. */
    public Permits permits() {
        return waitingRoom.permits();
    }
}
