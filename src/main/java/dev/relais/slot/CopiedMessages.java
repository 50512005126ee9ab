package dev.relais.slot;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds and drops duplicates in what a worker's children write to their standard error. PHP-FPM sends a logged message twice:
 * by FastCGI, whole and with the request that it belongs to, and line by line to standard error, where only the first line can
 * be distinguished from other output ({@code sapi_cgi_log_message} in fpm_main.c). Either may come first, and what a dying
 * process has not sent by FastCGI is lost.
 *
 * <p>So a line on standard error that has also come by FastCGI is dropped, once. A first line that has not come yet is held,
 * with the lines after it, until the run ends at the latest. What has not come by FastCGI by then goes to the sink. The master
 * reports the end of a process before it passes on what is left in the pipe of that process, and FastCGI may bring the last
 * messages before or after that. So a process is forgotten only when the next one ends. What is kept for each child is bounded.
 * Any thread. The sink is called outside the lock, by one thread at a time, in the order in which the lines came; an event loop never waits
 * for another thread that calls it.
 */
final class CopiedMessages {
    /** Receives the lines that are no copies. */
    interface Sink {
        /**
         * @param function the function that wrote it; null when that is not known
         * @param logged whether PHP has logged it; otherwise the script wrote it to its standard error
         */
        void write(long pid, @Nullable String function, String text, boolean logged);
    }

    static final int MOST_LINES = 3072; // a pipe of 64 KiB holds that many copies, each of 22 bytes at least
    static final int MOST_HELD = 512 << 10;
    private static final int COMPARED = 4096; // the characters of a line that are compared

    private record Line(@Nullable String function, String text, boolean first) {}

    private record Written(long pid, @Nullable String function, String text, boolean logged) {}

    private static final class Speaker {
        final Map<Integer, Integer> logged = new LinkedHashMap<>(); // the hash of a line, and how often it was logged
        final Deque<Line> held = new ArrayDeque<>();
        final MessageBudget budget;

        @Nullable
        String function; // of the last line

        int heldLength;
        boolean marked; // whether the ends of its runs come by the pipe that its lines come by
        boolean reaped; // whether it has ended, and its pipe may hold the last lines

        Speaker(long now) {
            budget = new MessageBudget(now);
        }

        boolean isLogged(String line) {
            Integer key = hash(line);
            Integer count = logged.get(key);
            if (count == null) {
                return false;
            }
            if (count == 1) {
                logged.remove(key);
            } else {
                logged.put(key, count - 1);
            }
            return true;
        }
    }

    private final int children;
    private final Predicate<String> isMark;
    private final LongPredicate runs;
    private final Sink sink;
    private final LongSupplier nanos;
    private final Lock writing = new ReentrantLock(); // held while the sink is called
    private final Deque<Written> unwritten = new ArrayDeque<>(); // guarded by this
    private volatile boolean anyUnwritten;
    private final Map<Long, Speaker> talking = new LinkedHashMap<>();
    private volatile boolean quiet = true; // until a message comes, runs end without taking the lock
    private long lastReaped = -1;

    /**
     * @param children how many children live at a time; twice as many are remembered
     * @param isMark whether a line is a {@link dev.relais.fastcgi.FinishMark}, which is sent like a message but must not be logged
     * @param runs whether the child of this pid has an exchange, which may bring messages yet; false before {@link #runEnded}
     *     is called
     * @param nanos the clock of intervals, as {@link System#nanoTime}
     */
    CopiedMessages(int children, Predicate<String> isMark, LongPredicate runs, Sink sink, LongSupplier nanos) {
        this.children = children;
        this.isMark = isMark;
        this.runs = runs;
        this.sink = sink;
        this.nanos = nanos;
    }

    /** A message came by FastCGI. The caller logs it. On an event loop. */
    void logged(long pid, String message) {
        take(pid, message);
        pass(false);
    }

    private synchronized void take(long pid, String message) {
        Speaker speaker = speaker(pid);
        for (int from = 0; from <= message.length(); ) {
            int end = message.indexOf('\n', from);
            end = end < 0 ? message.length() : end;
            if (end > from || from == 0) {
                speaker.logged.merge(hash(message.substring(from, Math.min(end, from + COMPARED))), 1, Integer::sum);
            }
            from = end + 1;
        }
        Iterator<Integer> eldest = speaker.logged.keySet().iterator();
        for (int more = speaker.logged.size() - MOST_LINES; more > 0; more--) {
            eldest.next();
            eldest.remove();
        }
        settle(pid, speaker, false);
    }

    /**
     * A line came on standard error.
     *
     * @param function that wrote it; null when that is not known
     * @param first whether FPM says that it is the first line of a logged message
     */
    void said(long pid, @Nullable String function, String line, boolean first) {
        if (!first || !isMark.test(line)) {
            take(pid, function, line, first);
            pass(true);
        }
    }

    private synchronized void take(long pid, @Nullable String function, String line, boolean first) {
        Speaker speaker = speaker(pid); // now the end of a run takes the lock: only then it counts whether there is one
        speaker.function = function;
        speaker.held.add(new Line(function, line, first));
        speaker.heldLength += line.length();
        boolean full = speaker.heldLength > MOST_HELD || speaker.held.size() > MOST_LINES;
        settle(pid, speaker, full || !runs.test(pid));
    }

    /** The last line was longer than what is kept of it. */
    void leftOut(long pid, long characters) {
        synchronized (this) {
            speaker(pid).budget.leaveOut(characters);
        }
        pass(true);
    }

    /** The child's run is over, so everything that it logged by FastCGI has come. On an event loop. */
    void runEnded(long pid) {
        if (!quiet) {
            synchronized (this) {
                Speaker speaker = talking.get(pid);
                if (speaker != null) {
                    endRun(pid, speaker);
                    forgetReaped(pid, speaker);
                }
            }
            pass(false);
        }
    }

    /** All that one run has written to standard error has come. Where this is told, the next run's budget begins here. */
    void markRead(long pid) {
        if (!quiet) {
            synchronized (this) {
                Speaker speaker = talking.get(pid);
                if (speaker != null) {
                    speaker.marked = true;
                    write(pid, speaker.function, speaker.budget.renew(nanos.getAsLong()), false);
                }
            }
            pass(true);
        }
    }

    /** The master has reaped this child. The lines that are left in its pipe come next, before the master reaps another child. */
    void ended(long pid) {
        takeEnd(pid);
        pass(true);
    }

    private synchronized void takeEnd(long pid) {
        Speaker former = talking.get(lastReaped);
        if (former != null && lastReaped != pid) {
            former.reaped = true;
            forgetReaped(lastReaped, former);
        }
        lastReaped = pid;
        Speaker speaker = talking.get(pid);
        if (speaker != null) {
            speaker.marked = false; // no mark will come
            if (!runs.test(pid)) {
                endRun(pid, speaker);
            }
        }
    }

    private void endRun(long pid, Speaker speaker) {
        settle(pid, speaker, true);
        if (!speaker.marked) {
            write(pid, speaker.function, speaker.budget.renew(nanos.getAsLong()), false);
        }
    }

    private void forgetReaped(long pid, Speaker speaker) {
        if (speaker.reaped && !runs.test(pid)) {
            forget(pid, speaker);
        }
    }

    private void forget(long pid, Speaker speaker) {
        speaker.marked = false;
        endRun(pid, speaker);
        write(pid, speaker.function, speaker.budget.renew(), false);
        talking.remove(pid);
        quiet = talking.isEmpty();
    }

    private Speaker speaker(long pid) {
        Speaker speaker = talking.get(pid);
        if (speaker == null) {
            if (talking.size() >= 2 * children) {
                Map.Entry<Long, Speaker> eldest = talking.entrySet().iterator().next();
                forget(eldest.getKey(), eldest.getValue());
            }
            speaker = new Speaker(nanos.getAsLong());
            talking.put(pid, speaker);
            quiet = false;
        }
        return speaker;
    }

    /** @param all whether nothing may be held any longer, so that lines that have no copy so far are written */
    private void settle(long pid, Speaker speaker, boolean all) {
        while (!speaker.held.isEmpty()) {
            Line line = speaker.held.peek();
            boolean copy = speaker.isLogged(line.text());
            if (!copy && line.first() && !all) {
                return;
            }
            speaker.held.remove();
            speaker.heldLength -= line.text().length();
            if (!copy) {
                write(
                        pid,
                        line.function(),
                        speaker,
                        line.first() ? withItsLines(speaker, line) : line.text(),
                        line.first());
            }
        }
    }

    /** The text of a message that FastCGI has not brought. The lines after its first one count as the rest of the message. */
    private static String withItsLines(Speaker speaker, Line first) {
        StringBuilder message = new StringBuilder(first.text());
        for (Line next = speaker.held.peek(); next != null && !next.first(); next = speaker.held.peek()) {
            speaker.held.remove();
            speaker.heldLength -= next.text().length();
            message.append('\n').append(next.text());
        }
        return message.toString();
    }

    private void write(long pid, @Nullable String function, Speaker speaker, String text, boolean logged) {
        if (speaker.budget.admits(text)) {
            write(pid, function, text, logged);
        }
    }

    private void write(long pid, @Nullable String function, @Nullable String text, boolean logged) {
        if (text != null) {
            unwritten.add(new Written(pid, function, text, logged));
            anyUnwritten = true;
        }
    }

    /**
     * Calls the sink with what is unwritten. Who finds another thread at it leaves that to the other one, or waits, so that whoever reads a
     * flood is not faster than the log, and an event loop that writes its own lines has an end.
     */
    private void pass(boolean waits) {
        while (anyUnwritten) {
            if (waits) {
                writing.lock();
            } else if (!writing.tryLock()) {
                return; // the other one looks again when it has unlocked
            }
            try {
                for (Written next = next(); next != null; next = next()) {
                    sink.write(next.pid(), next.function(), next.text(), next.logged());
                }
            } finally {
                writing.unlock();
            }
        }
    }

    private synchronized @Nullable Written next() {
        Written next = unwritten.poll();
        anyUnwritten = !unwritten.isEmpty();
        return next;
    }

    private static int hash(String line) {
        return line.length() > COMPARED ? line.substring(0, COMPARED).hashCode() : line.hashCode();
    }
}
