package dev.relais.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many threads enter, run, give up and end invocations, as event loops do. No invocation is lost or runs twice, no limit is
 * exceeded, and when all have ended every child is free again.
 */
class WaitingRoomContentionTest {
    private static final int CHILDREN = 8;
    private static final int FUNCTIONS = 4;
    private static final int EACH = 20_000;

    private final WaitingRoom<Call> room = new WaitingRoom<>(64, Duration.ofSeconds(10), Duration.ofMillis(1));
    private final ExecutorService threads = Executors.newFixedThreadPool(8);
    private final Desk<Call> desk = new Desk<>(CHILDREN, call -> threads.execute(call::run));
    private final AtomicInteger ran = new AtomicInteger();
    private final AtomicInteger left = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger[] now = new AtomicInteger[FUNCTIONS];
    private final AtomicInteger[] most = new AtomicInteger[FUNCTIONS];

    private final class Call extends Waiter<Call> {
        private final int function;
        private final AtomicInteger runs = new AtomicInteger();

        Call(int function, Gate gate) {
            this.function = function;
            gate(gate);
        }

        void run() {
            assertEquals(1, runs.incrementAndGet());
            most[function].accumulateAndGet(now[function].incrementAndGet(), Math::max);
            now[function].decrementAndGet();
            room.ended(gate(), 1_000);
            // As Dispatch does: first the child, then a look into the room.
            desk.put();
            ran.incrementAndGet();
            if (!room.isQuiet()) {
                room.serve(desk);
            }
        }
    }

    private void send(Call call, boolean impatient) {
        if (room.isQuiet() && call.gate().tryEnter() == Gate.Entry.ADMITTED) {
            if (desk.tryTake()) {
                threads.execute(call::run);
                return;
            }
            room.ended(call.gate(), -1);
        }
        if (room.enter(call, System.nanoTime(), Long.MAX_VALUE / 2) != null) {
            refused.incrementAndGet();
        }
        if (!room.isQuiet()) {
            room.serve(desk);
        }
        if (impatient && room.leave(call, true, desk)) {
            left.incrementAndGet();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void nobodyIsLostAndNoLimitIsPassed(int senders) throws Exception {
        room.permits().capacity(CHILDREN);
        Gate[] gates = new Gate[FUNCTIONS];
        for (int f = 0; f < FUNCTIONS; f++) {
            gates[f] = room.newGate();
            now[f] = new AtomicInteger();
            most[f] = new AtomicInteger();
        }
        room.limit(gates[0], new Limits(2, 1, 5, 64));
        room.limit(gates[1], new Limits(1, 0, 9, 64));
        room.limit(gates[2], new Limits(6, 3, 0, 64));
        ExecutorService sending = Executors.newFixedThreadPool(senders);
        List<Future<?>> all = new ArrayList<>();
        for (int t = 0; t < senders; t++) {
            Random random = new Random(t);
            all.add(sending.submit(() -> {
                for (int i = 0; i < EACH; i++) {
                    while (room.length() > 48) {
                        Thread.onSpinWait(); // nearly all shall get in, and some shall find it full
                    }
                    int function = random.nextInt(FUNCTIONS);
                    send(new Call(function, gates[function]), random.nextInt(8) == 0);
                }
            }));
        }
        for (Future<?> one : all) {
            one.get(Patience.SECONDS, TimeUnit.SECONDS);
        }
        sending.shutdown();
        int sent = senders * EACH;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Patience.SECONDS);
        while (ran.get() + left.get() + refused.get() < sent && System.nanoTime() - deadline < 0) {
            Thread.onSpinWait(); // what waits must be served without anybody's help
        }
        assertEquals(sent, ran.get() + left.get() + refused.get());
        threads.shutdown();
        assertTrue(threads.awaitTermination(Patience.SECONDS, TimeUnit.SECONDS));
        assertEquals(0, room.length());
        assertEquals(CHILDREN, desk.free());
        assertEquals(0, room.permits().used());
        for (int f = 0; f < FUNCTIONS; f++) {
            assertEquals(0, gates[f].running());
            assertEquals(0, gates[f].waiting());
            assertTrue(most[f].get() <= gates[f].limits().concurrency(), "function " + f + ": " + most[f]);
        }
        assertTrue(ran.get() > sent / 2, () -> "only " + ran);
        assertTrue(room.isQuiet());
    }
}
