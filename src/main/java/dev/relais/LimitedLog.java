package dev.relais;

import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jboss.logging.Logger.Level;

/**
 * A log for lines that a client's request can cause: it writes at most {@link LogLimits#LINES} of one kind and function in
 * {@link LogLimits#INTERVAL_NANOS}, and says how many it has left out. All of them share one bounded account, {@link LogLimits}.
 *
 * <p>The arguments are text of strangers: each that is no number is escaped and cut ({@link LogText}). The format is ours. Any thread.
 */
public final class LimitedLog {
    /** Of one argument, in characters: a request's target may have 16 KiB. */
    static final int LONGEST_ARGUMENT = 1024;

    private static final LogLimits SHARED = new LogLimits();

    private final Logger logger;
    private final LogLimits limits;
    private final LongSupplier nanos;

    /** @param owner whose category the lines have */
    public LimitedLog(Class<?> owner) {
        this(Logger.getLogger(owner), SHARED, System::nanoTime);
    }

    LimitedLog(Logger logger, LogLimits limits, LongSupplier nanos) {
        this.logger = logger;
        this.limits = limits;
        this.nanos = nanos;
    }

    /** Tells what was left out, here and in {@link MessageLog}, in intervals that are over: a flood that has ended causes no further line that would. */
    public static void reportOmitted() {
        report(System.nanoTime());
    }

    /** As {@link #reportOmitted}, of intervals that still run, too: nothing is logged any more. */
    public static void reportLast() {
        report(System.nanoTime() + LogLimits.INTERVAL_NANOS);
    }

    private static void report(long nowNanos) {
        SHARED.report(nowNanos);
        MessageLog.report(nowNanos);
    }

    /**
     * @param kind what happened, in fixed words: a constant, since what is counted apart for it is kept
     * @param function of which function; "" when it is none's
     */
    public void warn(String kind, String function, String format, Object... arguments) {
        log(Level.WARN, kind, function, format, arguments);
    }

    /** As {@link #warn}. */
    public void error(String kind, String function, String format, Object... arguments) {
        log(Level.ERROR, kind, function, format, arguments);
    }

    /** Something that is our own fault, with its trace. @param kind as of {@link #warn}, and the line */
    public void fault(String kind, Throwable thrown) {
        if (limits.admits(logger, kind, "", 1, nanos.getAsLong())) {
            logger.error(kind, thrown);
        }
    }

    /** A line that is escaped already. @param kind as of {@link #warn}, and the begin of the line @param line is made only when it is written */
    public void line(Level level, String kind, String function, Supplier<String> line) {
        if (logger.isEnabled(level) && limits.admits(logger, kind, function, 1, nanos.getAsLong())) {
            logger.log(level, line.get());
        }
    }

    private void log(Level level, String kind, String function, String format, Object[] arguments) {
        if (!logger.isEnabled(level) || !limits.admits(logger, kind, function, 1, nanos.getAsLong())) {
            return;
        }
        Object[] escaped = new Object[arguments.length];
        for (int i = 0; i < escaped.length; i++) {
            escaped[i] =
                    arguments[i] instanceof Number number ? number : LogText.escape(arguments[i], LONGEST_ARGUMENT);
        }
        logger.logf(level, format, escaped);
    }
}
