package dev.relais.admission;

import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A waiting room of a hundred places, two functions, and children that become free one by one. */
abstract class WaitingRoomFixture {
    static final long SECOND = 1_000_000_000L;
    static final long PATIENCE = 10 * SECOND;

    final WaitingRoom<Guest> room = room(100);
    final Gate one = room.newGate();
    final Gate other = room.newGate();
    final Desk<Guest> desk = new Desk<>(0);

    static final class Guest extends Waiter<Guest> {
        Guest(Gate gate) {
            gate(gate);
        }

        Guest(Gate gate, long bytes) {
            gate(gate);
            bytes(bytes);
        }
    }

    static WaitingRoom<Guest> room(int capacity) {
        return new WaitingRoom<>(capacity, Duration.ofSeconds(10), Duration.ofSeconds(1));
    }

    static Limits limits(int concurrency, int reserved, int priority, int queue) {
        return new Limits(concurrency, reserved, priority, queue);
    }

    Guest enter(Gate gate, long now) {
        Guest guest = new Guest(gate);
        assertNull(room.enter(guest, now, PATIENCE));
        room.serve(desk);
        return guest;
    }

    /** Children become free, one after the other. */
    List<Guest> free(int children) {
        for (int i = 0; i < children; i++) {
            desk.put();
            room.serve(desk);
        }
        List<Guest> handed = new ArrayList<>(desk.handed);
        desk.handed.clear();
        return handed;
    }

    void end(Gate gate) {
        room.ended(gate, -1);
        desk.put();
        room.serve(desk);
    }
}
