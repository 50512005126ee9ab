package dev.relais.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/**
 * Measures a client that must not pause, since the gateway gives up one that does. As long as it is not stopped, the test itself may be what
 * was too slow; afterwards nothing that goes wrong is the test's fault. It is for one thread at a time.
 */
public final class Pace {
    private final Duration most;
    private long begun = System.nanoTime();
    private boolean stopped;
    private boolean late; // when it was stopped

    /** @param most the time after which the gateway may give up the client; it is measured from now on */
    Pace(Duration most) {
        this.most = most;
    }

    /** It is measured from now on, and no longer from the attempt's begin. */
    public void begin() {
        begun = System.nanoTime();
    }

    /** The client has done all that the gateway waits for. */
    public void stop() {
        late = isLate();
        stopped = true;
    }

    /** The gateway waits for the client once more. It is still measured from the begin, since that is never too short. */
    public void goOn() {
        stopped = false;
    }

    /** Waits for what the client needs before it can go on, for no longer than it may pause. */
    public void await(Callable<Boolean> condition) throws Exception {
        Awaitility.await().pollInterval(Duration.ofMillis(5)).until(() -> condition.call() || isLate());
        if (!condition.call()) {
            throw new AssertionError("the client may pause for " + most + ", and that was too short");
        }
    }

    boolean isLate() {
        return stopped ? late : System.nanoTime() - begun > most.toNanos();
    }
}
