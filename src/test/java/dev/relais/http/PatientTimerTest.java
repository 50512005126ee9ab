package dev.relais.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Uses an event loop whose clock stands until the test moves it. */
class PatientTimerTest {
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(30);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private long left = LIMIT;
    private int over;
    private final PatientTimer timer = new PatientTimer(channel.eventLoop(), () -> left, () -> over++);

    PatientTimerTest() {
        channel.freezeTime();
    }

    private void pass(long nanos) {
        left -= nanos;
        channel.advanceTimeBy(nanos, TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void isOverAtTheSecondLook() {
        timer.start();
        pass(LIMIT - 1);
        assertEquals(0, over);
        pass(1);
        pass(PatientTimer.GRACE_NANOS);

        assertEquals(1, over);
        assertFalse(timer.isRunning());
    }

    @Test
    void whatWasReadBetweenTheLooksMovesIt() {
        long[] looks = {LIMIT, 0, LIMIT, 0, 0}; // at the start, before what had arrived is read, and after it
        int[] look = {0};
        PatientTimer moved = new PatientTimer(channel.eventLoop(), () -> looks[look[0]++], () -> over++);
        moved.start();
        pass(LIMIT);
        pass(PatientTimer.GRACE_NANOS);
        assertEquals(0, over);

        pass(LIMIT);
        pass(PatientTimer.GRACE_NANOS);
        assertEquals(1, over);
        assertEquals(looks.length, look[0]);
    }

    @Test
    void isStoppedForGood() {
        timer.start();
        timer.stop();
        timer.stop();
        pass(2 * LIMIT);

        assertEquals(0, over);
    }
}
