package dev.relais;

import org.jboss.logging.Logger;
import org.jboss.logging.Logger.Level;

/**
 * The log of what PHP says, category {@code dev.relais.php}: each message on one line, with what is known of its origin before it. What a
 * function may write in an interval is bounded, since a client can call it as often as it likes; what was left out is counted. Any thread.
 */
public final class MessageLog {
    /** Characters in {@link LogLimits#INTERVAL_NANOS}, of one function and of all. */
    private static final int OF_ONE = 16 << 20;

    private static final int OF_ALL = 64 << 20;

    private static final Logger LOG = Logger.getLogger("dev.relais.php");
    private static final LogLimits SHARED = new LogLimits(OF_ONE, OF_ALL, "characters");

    private MessageLog() {}

    static void report(long nowNanos) {
        SHARED.report(nowNanos);
    }

    /**
     * @param function "" when it is none's
     * @param origin as {@code key=value}, parted by blanks; escaped already
     * @param message may carry anything
     */
    public static void log(Level level, String function, String origin, String message) {
        if (LOG.isEnabled(level)
                && SHARED.admits(LOG, "PHP message", function, 1 + message.length(), System.nanoTime())) {
            LOG.log(level, "PHP: " + origin + " message=" + LogText.escape(message.stripTrailing()));
        }
    }
}
