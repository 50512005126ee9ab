package dev.relais.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Patience;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WatchdogTest {
    private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(15);

    private final DefaultEventExecutorGroup group = new DefaultEventExecutorGroup(3);
    private final List<EventExecutor> loops = new ArrayList<>();
    private final Semaphore signs = new Semaphore(0);

    @BeforeEach
    void start() {
        group.forEach(loops::add);
        List<Executor> others = new ArrayList<>(loops.subList(1, 3));
        new Watchdog(loops.get(0), others, INTERVAL, signs::release).start();
    }

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    @Test
    void whileAllThreadsRunOneSignFollowsAnother() throws InterruptedException {
        assertTrue(signs.tryAcquire(5, Patience.SECONDS, TimeUnit.SECONDS));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aThreadThatHangsKeepsTheSignAwayUntilItGoesOn(int hanging) throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        loops.get(hanging).execute(() -> {
            hangs.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        hangs.await();
        signs.drainPermits();
        EventExecutor alive = loops.get(hanging == 0 ? 1 : 0);
        for (int i = 0; i < 8; i++) {
            alive.schedule(() -> {}, INTERVAL, TimeUnit.NANOSECONDS).get();
        }
        int given = signs.availablePermits();
        assertTrue(given <= 1, given + " signs"); // one when the token was already past it
        end.countDown();
        assertTrue(signs.tryAcquire(2, Patience.SECONDS, TimeUnit.SECONDS));
    }

    @ParameterizedTest
    @CsvSource({"30000000,,30000000000", "30000000,7,30000000000", "30000000,8,0", ",,0", ",7,0"})
    void theIntervalIsThatOfThisProcess(String micros, String process, long nanos) {
        assertEquals(nanos, Watchdog.intervalNanos(environment(micros, process), 7));
    }

    @ParameterizedTest
    @CsvSource({"much,", "-1,", "0,", "30000000,me", "99999999999999999999,"})
    void whatIsNoIntervalIsNone(String micros, String process) {
        assertNull(Watchdog.intervalNanos(environment(micros, process), 7));
    }

    private static Map<String, String> environment(String micros, String process) {
        return Map.of("WATCHDOG_USEC", micros == null ? "" : micros, "WATCHDOG_PID", process == null ? "" : process);
    }
}
