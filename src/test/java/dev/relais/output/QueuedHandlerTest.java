package dev.relais.output;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.MDC;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;

/** A log whose output takes nothing holds up nobody, and no more memory is taken than may be. */
class QueuedHandlerTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String LEFT_OUT = "Left out of the log, which is not written as fast as it grows: lines=";

    /** Writes only when it may. */
    private static final class Stalled extends ExtHandler {
        final CountDownLatch reads;
        final Queue<String> lines = new ConcurrentLinkedQueue<>();

        Stalled(String pattern, int stalled) {
            reads = new CountDownLatch(stalled);
            setFormatter(new PatternFormatter(pattern));
        }

        @Override
        protected void doPublish(ExtLogRecord line) {
            try {
                reads.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            lines.add(getFormatter().format(line));
        }
    }

    private final AtomicInteger dropped = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong();

    private QueuedHandler before(Stalled handler) {
        return new QueuedHandler(handler, 64 << 10, dropped::incrementAndGet, nanos::get);
    }

    private static void log(QueuedHandler handler, String format, Object... arguments) {
        ExtLogRecord line = new ExtLogRecord(Level.INFO, format, ExtLogRecord.FormatStyle.PRINTF, "caller");
        line.setParameters(arguments);
        handler.publish(line);
    }

    @Test
    void whatDoesNotFitIsDroppedCountedAndToldInTheLog() {
        Stalled stalled = new Stalled("%s", 1);
        QueuedHandler handler = before(stalled);
        for (int i = 0; i < 1_000; i++) {
            log(handler, "%d %s", i, "a".repeat(1_000));
        }
        int lost = dropped.get();
        assertTrue(lost > 950, "lost: " + lost);
        stalled.reads.countDown();
        await().until(() -> stalled.lines.contains(LEFT_OUT + lost));
        assertEquals(1_000 - lost + 1, stalled.lines.size());
        log(handler, "after");
        await().until(() -> stalled.lines.contains("after"));
        handler.finish(LONG);
        assertEquals(lost, dropped.get());
    }

    @Test
    void losesAreToldAtMostOnceASecondAndAtTheEnd() {
        Stalled stalled = new Stalled("%s", 1);
        QueuedHandler handler = before(stalled);
        String large = "a".repeat(40_000);
        log(handler, large);
        stalled.reads.countDown();
        await().until(() -> stalled.lines.contains(LEFT_OUT + 1));
        log(handler, large);
        log(handler, "between");
        await().until(() -> stalled.lines.contains("between"));
        nanos.addAndGet(Duration.ofMillis(999).toNanos());
        log(handler, large);
        log(handler, "last");
        await().until(() -> stalled.lines.contains("last"));
        handler.finish(LONG);
        assertEquals(List.of(LEFT_OUT + 1, "between", "last", LEFT_OUT + 2), List.copyOf(stalled.lines));
    }

    @Test
    void theLastLinesAreWrittenAndLaterOnesByWhoeverLogsThem() {
        Stalled free = new Stalled("%s", 0);
        QueuedHandler handler = before(free);
        log(handler, "one");
        log(handler, "two");
        handler.finish(LONG);
        assertEquals(List.of("one", "two"), List.copyOf(free.lines));
        log(handler, "late");
        assertEquals(List.of("one", "two", "late"), List.copyOf(free.lines));
    }

    /** Is held up where it is put into the queue, until it may go on. */
    private static final class Held extends ExtLogRecord {
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch free = new CountDownLatch(1);

        Held() {
            super(Level.INFO, "held", ExtLogRecord.FormatStyle.NO_FORMAT, "caller");
        }

        @Override
        public Throwable getThrown() {
            entered.countDown();
            try {
                free.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return super.getThrown();
        }
    }

    @Test
    void aLineThatComesWhileTheWriterEndsIsWritten() throws InterruptedException {
        Stalled free = new Stalled("%s", 0);
        QueuedHandler handler = before(free);
        Held held = new Held();
        Thread late = new Thread(() -> handler.publish(held));
        late.start();
        held.entered.await();
        handler.finish(LONG);
        held.free.countDown();
        late.join();
        assertEquals(List.of("held"), List.copyOf(free.lines));
        assertEquals(0, dropped.get());
    }

    /** Those of the log manager keep errors to themselves, others need not. */
    @Test
    void anErrorInOneLineLosesNoOther() {
        Queue<String> lines = new ConcurrentLinkedQueue<>();
        Handler deep = new Handler() {
            @Override
            public void publish(LogRecord line) {
                if (line.getMessage().equals("deep")) {
                    throw new StackOverflowError();
                }
                lines.add(line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        deep.setFormatter(new PatternFormatter("%s"));
        QueuedHandler handler = new QueuedHandler(deep, 64 << 10, dropped::incrementAndGet, nanos::get);
        log(handler, "deep");
        await().until(() -> lines.contains(LEFT_OUT + 1));
        log(handler, "after");
        handler.finish(LONG);
        assertEquals(List.of(LEFT_OUT + 1, "after"), List.copyOf(lines));
    }

    @Test
    void anOutputThatIsStuckHoldsUpTheEndNoLongerThanItMay() {
        Stalled stalled = new Stalled("%s", 1);
        QueuedHandler handler = before(stalled);
        log(handler, "one");
        handler.finish(Duration.ofMillis(20));
        log(handler, "late"); // by a thread that would wait for ever
        assertEquals(1, dropped.get());
        stalled.reads.countDown();
    }

    /** What is known only where a line is logged is kept for its writer. */
    @Test
    void aLineSaysWhatWasTrueWhereItWasLogged() {
        Stalled stalled = new Stalled("%t %X{id} %M %s", 1);
        QueuedHandler handler = before(stalled);
        StringBuilder changing = new StringBuilder("before");
        MDC.put("id", "7");
        try {
            ExtLogRecord line = new ExtLogRecord(
                    Level.INFO, "%s", ExtLogRecord.FormatStyle.PRINTF, QueuedHandlerTest.class.getName());
            line.setParameters(new Object[] {changing});
            handler.publish(line);
        } finally {
            MDC.remove("id");
        }
        changing.append(" and after");
        stalled.reads.countDown();
        handler.finish(LONG);
        String written = stalled.lines.remove();
        assertTrue(written.startsWith(Thread.currentThread().getName() + " 7 "), written);
        assertTrue(written.endsWith(" before"), written);
    }
}
