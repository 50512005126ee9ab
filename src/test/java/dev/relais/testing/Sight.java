package dev.relais.testing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;

/**
 * What is known when a test fails: the last lines of this JVM's log since the test began, and what each part that was shown
 * says of itself, such as the states of the children. {@link Patience} adds it to the failure. Any thread.
 */
public final class Sight {
    private static final int LINES = 60;
    private static final Map<String, Callable<String>> PARTS = new ConcurrentSkipListMap<>();
    private static final List<String> CLOSED = new ArrayList<>();
    private static final LastLines LOG = new LastLines();

    private Sight() {}

    /** @param part asked when a test fails; it takes the place of the part that had this name before */
    public static void show(String name, Callable<String> part) {
        PARTS.put(name, part);
    }

    /** The part is closed now. What it says last is kept until the next test begins. */
    public static void close(String name) {
        Callable<String> part = PARTS.remove(name);
        if (part != null) {
            synchronized (CLOSED) {
                CLOSED.add(told(name + ", when it was closed", part));
            }
        }
    }

    /** A test begins. */
    public static void begin() {
        LOG.begin();
        synchronized (CLOSED) {
            CLOSED.clear();
        }
    }

    /** Everything, for the report of a failed test. */
    public static String all() {
        StringBuilder all = new StringBuilder("what the test saw");
        PARTS.forEach((name, part) -> all.append(told(name, part)));
        synchronized (CLOSED) {
            CLOSED.forEach(all::append);
        }
        return all.append("\n-- last log lines:\n").append(LOG).toString();
    }

    /** The end of a text of many lines. */
    public static String lastLines(Collection<String> lines) {
        return String.join(
                "\n", lines.stream().skip(Math.max(lines.size() - LINES, 0)).toList());
    }

    private static String told(String name, Callable<String> part) {
        String text;
        try {
            text = part.call();
        } catch (Exception e) {
            text = e.toString(); // it can no longer be asked
        }
        return "\n-- " + name + ":\n" + text;
    }

    private static final class LastLines extends Handler {
        private final PatternFormatter formatter = new PatternFormatter("%d{HH:mm:ss.SSS} %-5p %s%n");
        private final Deque<String> lines = new ArrayDeque<>();

        LastLines() {
            Logger.getLogger("dev.relais").addHandler(this);
        }

        synchronized void begin() {
            lines.clear();
        }

        @Override
        public synchronized void publish(LogRecord line) {
            if (lines.size() == LINES) {
                lines.removeFirst();
            }
            lines.add(formatter.format(ExtLogRecord.wrap(line)));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}

        @Override
        public synchronized String toString() {
            return String.join("", lines);
        }
    }
}
