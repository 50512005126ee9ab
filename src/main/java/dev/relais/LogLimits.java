package dev.relais;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Counts how many lines of each kind and function were written in an interval, and how many were left out. The number of
 * functions is bounded, and so are the lines of all functions together, so that a client cannot write more by using many names.
 * Any thread; the lock is held only for a short time.
 */
final class LogLimits {
    /** The most lines of one kind and function in an interval. */
    static final int LINES = 10;
    /** The most lines of all kinds and functions together in an interval. */
    static final int LINES_OF_ALL = 200;

    static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** Further functions of a kind are counted together. */
    static final int MOST_KEYS = 1000;

    private static final String OTHERS = "others";

    private record Key(String kind, String function) {}

    private static final class Count {
        final Logger logger;
        final long began;
        long lines;
        long written;
        long linesOmitted;
        long omitted;

        Count(Logger logger, long began) {
            this.logger = logger;
            this.began = began;
        }
    }

    private final long ofOne;
    private final long ofAll;
    private final long linesOfOne;
    private final Map<Key, Count> counts = new LinkedHashMap<>(); // in the order in which they began
    private long allBegan;
    private long allWritten = -1; // by all since then; -1: nothing yet

    /** Limits the number of lines, each of which costs 1. */
    LogLimits() {
        this(Long.MAX_VALUE, LINES, LINES_OF_ALL);
    }

    private LogLimits(long linesOfOne, long ofOne, long ofAll) {
        this.linesOfOne = linesOfOne;
        this.ofOne = ofOne;
        this.ofAll = ofAll;
    }

    /**
     * Limits the number of messages and of their characters, which are what each costs.
     *
     * @param messagesOfOne the most messages of one kind of one function in an interval
     * @param ofOne the most characters of them
     * @param ofAll the most characters of all together
     */
    static LogLimits ofMessages(long messagesOfOne, long ofOne, long ofAll) {
        return new LogLimits(messagesOfOne, ofOne, ofAll);
    }

    /**
     * Whether one more line may be written now; if not, it is counted. Before the first line of an interval it logs what was
     * left out in the last one.
     *
     * @param cost in lines or characters
     */
    synchronized boolean admits(Logger logger, String kind, String function, long cost, long nowNanos) {
        if (allWritten < 0 || nowNanos - allBegan >= INTERVAL_NANOS) {
            allBegan = nowNanos;
            allWritten = 0;
        }
        Key key = new Key(kind, function);
        Count count = counts.get(key);
        if (count == null && counts.size() >= MOST_KEYS) {
            report(nowNanos);
            if (counts.size() >= MOST_KEYS) {
                key = new Key(kind, OTHERS);
                count = counts.get(key);
            }
        }
        if (count != null && nowNanos - count.began >= INTERVAL_NANOS) {
            counts.remove(key);
            tell(key, count);
            count = null;
        }
        if (count == null) {
            count = new Count(logger, nowNanos);
            counts.put(key, count);
        }
        if (count.lines == linesOfOne || count.written + cost > ofOne || allWritten + cost > ofAll) {
            count.linesOmitted++;
            count.omitted += cost;
            return false;
        }
        count.lines++;
        count.written += cost;
        allWritten += cost;
        return true;
    }

    /** Logs what was left out in intervals that are over, and forgets these intervals. */
    synchronized void report(long nowNanos) {
        Iterator<Map.Entry<Key, Count>> oldest = counts.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<Key, Count> entry = oldest.next();
            if (nowNanos - entry.getValue().began < INTERVAL_NANOS) {
                return;
            }
            oldest.remove();
            tell(entry.getKey(), entry.getValue());
        }
    }

    private void tell(Key key, Count count) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(INTERVAL_NANOS);
        if (count.omitted > 0 && linesOfOne == Long.MAX_VALUE) {
            count.logger.warnf(
                    "Left out of the log: lines=%d kind=%s function=%s seconds=%d",
                    count.omitted, LogText.value(key.kind()), LogText.value(key.function(), 100), seconds);
        } else if (count.omitted > 0) {
            count.logger.warnf(
                    "Left out of the log: messages=%d characters=%d kind=%s function=%s seconds=%d",
                    count.linesOmitted,
                    count.omitted,
                    LogText.value(key.kind()),
                    LogText.value(key.function(), 100),
                    seconds);
        }
    }
}
