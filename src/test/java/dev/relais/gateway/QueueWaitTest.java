package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Uses an event loop whose clock stands until the test moves it. */
class QueueWaitTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long MOST = 10_000 * MILLI;
    private static final long HEAD = -7; // a clock reading may be negative

    /** A loop that is late checks a second time before the wait is over, after at most this time. */
    private static final long GRACE = 1_000 * MILLI;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private long now = HEAD;
    private int over;
    private final QueueWait wait = new QueueWait(channel.eventLoop(), () -> now, MOST, HEAD, () -> over++);

    QueueWaitTest() {
        channel.freezeTime();
    }

    private void pass(long nanos) {
        now += nanos;
        channel.advanceTimeBy(nanos, TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void withoutADeadlineItWaitsAsLongAsAnybodyMay() {
        assertEquals(MOST, wait.maxWaitNanos(-1, 3 * MOST));
        wait.begin();
        pass(MOST - 1);
        assertEquals(0, over);
        pass(1);
        pass(GRACE);
        assertEquals(1, over);
        assertEquals(-1, wait.served(), "it had given up before");
    }

    @Test
    void whatItsFunctionTakesAndAPartForTheWayAreKeptOfTheClientsDeadline() {
        assertEquals((1_000 - 300 - 50) * MILLI, wait.maxWaitNanos(1_000, 300 * MILLI));
        pass(100 * MILLI);
        assertEquals((900 - 300 - 50) * MILLI, wait.maxWaitNanos(1_000, 300 * MILLI));
    }

    @Test
    void whoHasNoTimeLeftDoesNotWait() {
        assertEquals(0, wait.maxWaitNanos(0, 0));
        assertEquals(0, wait.maxWaitNanos(1_000, 2_000 * MILLI));
        pass(5_000 * MILLI);
        assertEquals(0, wait.maxWaitNanos(1_000, 0));
    }

    @Test
    void aDistantDeadlineDoesNotMakeItWaitLonger() {
        assertEquals(MOST, wait.maxWaitNanos(999_999_999, 0));
    }

    @Test
    void whoIsServedHasWaitedSinceTheBeginAndIsNotOver() {
        wait.maxWaitNanos(-1, 0);
        wait.begin();
        pass(40 * MILLI);
        assertEquals(40 * MILLI, wait.served());
        pass(2 * MOST);
        pass(GRACE);
        assertEquals(0, over);
    }

    @Test
    void whoNeverEnteredTheRoomHasNotWaited() {
        wait.maxWaitNanos(-1, 0);
        assertTrue(wait.served() < 0);
    }

    @Test
    void aSecondWaitHasItsOwnEndAndCountsFromTheFirst() {
        wait.maxWaitNanos(-1, 0);
        wait.begin();
        pass(MOST - MILLI);
        assertEquals(MOST - MILLI, wait.served());

        wait.maxWaitNanos(-1, 0);
        wait.begin();
        pass(2 * MILLI);
        pass(GRACE);
        assertEquals(0, over, "the first end has passed, not the second");
        assertEquals(MOST + MILLI + GRACE, wait.served());
    }

    @Test
    void whoHasLeftIsNotOver() {
        wait.maxWaitNanos(-1, 0);
        wait.begin();
        wait.end();
        wait.end();
        pass(2 * MOST);
        pass(GRACE);
        assertEquals(0, over);
    }
}
