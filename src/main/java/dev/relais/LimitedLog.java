package dev.relais;

import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jboss.logging.Logger.Level;

/**
 * A log for lines that a client's request can cause: it writes at most {@link LogLimits#LINES} of one kind and function in
 * {@link LogLimits#INTERVAL_NANOS}, and says how many it has left out. All of them share one bounded account,
 * {@link LogLimits}.
 *
 * <p>The arguments may come from clients, so each that is no number is written as the value of a {@code key=value} pair
 * ({@link LogText#value(Object)}). The format is a constant of the caller. Any thread.
 */
public final class LimitedLog {
    private static final LogLimits SHARED = new LogLimits();

    private final Logger logger;
    private final LogLimits limits;
    private final LongSupplier nanos;

    /** @param owner the class whose log category the lines have */
    public LimitedLog(Class<?> owner) {
        this(Logger.getLogger(owner), SHARED, System::nanoTime);
    }

    LimitedLog(Logger logger, LogLimits limits, LongSupplier nanos) {
        this.logger = logger;
        this.limits = limits;
        this.nanos = nanos;
    }

    /**
     * Logs how many lines were left out, here and in {@link MessageLog}, in intervals that are over, because after a flood
     * there may be no further line that reports it.
     */
    public static void reportOmitted() {
        report(System.nanoTime());
    }

    /** Like {@link #reportOmitted}, but includes intervals that still run. Called last, when nothing more will be logged. */
    public static void reportLast() {
        report(System.nanoTime() + LogLimits.INTERVAL_NANOS);
    }

    private static void report(long nowNanos) {
        SHARED.report(nowNanos);
        MessageLog.report(nowNanos);
    }

    /**
     * @param kind what happened, in fixed words; it must be a constant, since a count is kept for each kind
     * @param function the function that the line is about; "" for none
     */
    public void warn(String kind, String function, String format, Object... arguments) {
        log(Level.WARN, kind, function, format, arguments);
    }

    /** Like {@link #warn}, at the level of errors. */
    public void error(String kind, String function, String format, Object... arguments) {
        log(Level.ERROR, kind, function, format, arguments);
    }

    /**
     * Logs a fault of Relais with its stack trace.
     *
     * @param kind as in {@link #warn}; it is also the log line
     */
    public void fault(String kind, Throwable thrown) {
        if (limits.admits(logger, kind, "", 1, nanos.getAsLong())) {
            logger.error(kind, thrown);
        }
    }

    /**
     * Logs a line that is already escaped.
     *
     * @param kind as in {@link #warn}; the line begins with it
     * @param line called only when the line is written
     */
    public void line(Level level, String kind, String function, Supplier<String> line) {
        if (logger.isEnabled(level) && limits.admits(logger, kind, function, 1, nanos.getAsLong())) {
            logger.log(level, line.get());
        }
    }

    private void log(Level level, String kind, String function, String format, Object[] arguments) {
        if (!logger.isEnabled(level) || !limits.admits(logger, kind, function, 1, nanos.getAsLong())) {
            return;
        }
        Object[] values = new Object[arguments.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = arguments[i] instanceof Number number ? number : LogText.value(arguments[i]);
        }
        logger.logf(level, format, values);
    }
}
