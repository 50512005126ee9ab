package dev.relais;

import org.jboss.logging.Logger;
import org.jboss.logging.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * The log for messages of PHP, with the category {@code dev.relais.php}. Each message is on one line, and begins with what is
 * known of its origin. How much a function may write in an interval is limited, since a client can call it as often as it
 * likes; what was left out is counted. Any thread.
 */
public final class MessageLog {
    private static final Logger LOG = Logger.getLogger("dev.relais.php");
    /** The defaults, until the start has read the configuration. */
    private static volatile LogLimits limits = LogLimits.ofMessages(100_000, 16 << 20, 64 << 20);

    private static volatile @Nullable Listener listener; // null: nobody listens

    /** Hears of the messages that are logged. */
    public interface Listener {
        /** Must neither block nor throw. The arguments are those of {@link #log}. */
        void logged(Level level, String function, String origin, String message);
    }

    private MessageLog() {}

    /** From now on this one hears of all messages, and who did before does not any more. */
    public static void listen(Listener next) {
        listener = next;
    }

    /** Applies the configured limits from now on. */
    public static void limit(PhpLogConfig config) {
        limits = LogLimits.ofMessages(
                config.functionMessages(),
                config.functionSize().asLongValue(),
                config.size().asLongValue());
    }

    static void report(long nowNanos) {
        limits.report(nowNanos);
    }

    /**
     * @param function "" when no function is known
     * @param origin {@code key=value} pairs, separated by blanks and already escaped
     * @param message may contain any character
     */
    public static void log(Level level, String function, String origin, String message) {
        if (LOG.isEnabled(level)
                && limits.admits(LOG, "PHP message", function, 1 + message.length(), System.nanoTime())) {
            LOG.log(level, "PHP: " + origin + " message=" + LogText.escape(MessageText.withoutBreaks(message)));
            Listener told = listener;
            if (told != null) {
                told.logged(level, function, origin, message);
            }
        }
    }
}
