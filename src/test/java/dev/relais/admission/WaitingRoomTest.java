package dev.relais.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import dev.relais.admission.WaitingRoom.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WaitingRoomTest {
    private static final class Guest extends Waiter {
        private final AtomicInteger taken = new AtomicInteger();
    }

    private static WaitingRoom room(int capacity) {
        return new WaitingRoom(capacity, Duration.ofSeconds(10));
    }

    @Test
    void servesInTheOrderOfEntering() {
        WaitingRoom room = room(3);
        List<Guest> guests = List.of(new Guest(), new Guest(), new Guest());
        guests.forEach(guest -> assertTrue(room.enter(guest)));
        assertEquals(3, room.length());
        guests.forEach(guest -> assertSame(guest, room.poll()));
        assertNull(room.poll());
        assertTrue(room.isEmpty());
        assertEquals(0, room.length());
    }

    @Test
    void refusesOverItsCapacityAndCountsIt() {
        WaitingRoom room = room(2);
        assertTrue(room.enter(new Guest()));
        assertTrue(room.enter(new Guest()));
        assertFalse(room.enter(new Guest()));
        assertEquals(1, room.refused(Refusal.QUEUE_FULL));
        room.poll();
        assertTrue(room.enter(new Guest()));
        assertFalse(room(0).enter(new Guest()));
    }

    @Test
    void countsOnlyWaitsThatWereOver() {
        WaitingRoom room = room(2);
        Guest first = new Guest();
        Guest second = new Guest();
        room.enter(first);
        room.enter(second);
        assertTrue(room.leave(first, false));
        assertTrue(room.leave(second, true));
        assertFalse(room.leave(second, true));
        assertEquals(1, room.refused(Refusal.WAIT_OVER));
        assertTrue(room.isEmpty());
    }

    @Test
    void isNotShortenedByOneWhoNeverEntered() {
        WaitingRoom room = room(2);
        assertFalse(room.leave(new Guest(), false));
        assertEquals(0, room.length());
        Guest guest = new Guest();
        room.enter(guest);
        assertEquals(1, room.length());
        assertFalse(room.isEmpty());
        assertSame(guest, room.poll());
    }

    @Test
    void letsOneWhoWasServedInVainEnterAgain() {
        WaitingRoom room = room(1);
        Guest guest = new Guest();
        for (int i = 0; i < 3; i++) {
            assertTrue(room.enter(guest));
            assertSame(guest, room.poll());
            assertFalse(room.leave(guest, true));
        }
        assertTrue(room.enter(guest));
        assertTrue(room.leave(guest, true));
    }

    @Test
    void holdsNoMoreThanItsCapacityOfThoseWhoLeft() {
        WaitingRoom room = room(10);
        Guest head = new Guest();
        room.enter(head);
        int entered = 1;
        for (int i = 0; i < 100; i++) {
            Guest guest = new Guest();
            if (room.enter(guest)) {
                entered++;
                room.leave(guest, false);
            }
        }
        assertEquals(10, entered); // those who left behind a waiting head still take their place in memory
        room.leave(head, true);
        for (int i = 0; i < 10; i++) {
            assertTrue(room.enter(new Guest()));
        }
        assertFalse(room.enter(new Guest()));
    }

    @Test
    void refusesALimitThatIsOutOfRange() {
        assertThrows(ConfigurationProblem.class, () -> room(-1));
        assertThrows(ConfigurationProblem.class, () -> room(1_000_001));
        assertThrows(ConfigurationProblem.class, () -> new WaitingRoom(1, Duration.ZERO));
        assertThrows(ConfigurationProblem.class, () -> new WaitingRoom(1, Duration.ofHours(25)));
    }

    @Test
    void takesEachOutExactlyOnceUnderContention() throws Exception {
        int capacity = 64;
        int each = 50_000;
        WaitingRoom room = room(capacity);
        AtomicInteger admitted = new AtomicInteger();
        AtomicInteger served = new AtomicInteger();
        AtomicInteger left = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(6);
        List<Future<?>> all = new ArrayList<>();
        AtomicInteger entering = new AtomicInteger(4);
        for (int t = 0; t < 4; t++) {
            int seed = t;
            all.add(threads.submit(() -> {
                Random random = new Random(seed);
                for (int i = 0; i < each; i++) {
                    Guest guest = new Guest();
                    if (room.enter(guest)) {
                        admitted.incrementAndGet();
                        most.accumulateAndGet(room.length(), Math::max);
                        if (random.nextBoolean() && room.leave(guest, true)) {
                            left.incrementAndGet();
                            guest.taken.incrementAndGet();
                        }
                    }
                }
                entering.decrementAndGet();
            }));
        }
        for (int t = 0; t < 2; t++) {
            all.add(threads.submit(() -> {
                while (entering.get() > 0 || !room.isEmpty()) {
                    Guest guest = (Guest) room.poll();
                    if (guest != null) {
                        served.incrementAndGet();
                        assertEquals(1, guest.taken.incrementAndGet());
                    }
                }
            }));
        }
        for (Future<?> one : all) {
            one.get(50, TimeUnit.SECONDS);
        }
        threads.shutdown();
        assertEquals(admitted.get(), served.get() + left.get());
        assertTrue(most.get() <= capacity, () -> most + " waited");
        assertEquals(0, room.length());
        assertEquals(left.get(), room.refused(Refusal.WAIT_OVER));
        assertEquals(4L * each - admitted.get(), room.refused(Refusal.QUEUE_FULL));
        for (int i = 0; i < capacity; i++) {
            assertTrue(room.enter(new Guest()));
        }
        assertFalse(room.enter(new Guest()));
    }
}
