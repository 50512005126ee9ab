package dev.relais.output;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.logging.Handler;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.handlers.ConsoleHandler;

/** Gives log lines to the handler that writes them. What was lost meanwhile it tells in that same log, at most once a second. */
final class RecordOutput implements Output<ExtLogRecord> {
    private static final String CATEGORY = "dev.relais.output";
    private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Handler to;
    private final LongSupplier nanos;
    private final AtomicLong lost = new AtomicLong();
    private final Object lock;
    private long told; // when, of the writer's thread

    /** @param nanos as {@link System#nanoTime} */
    RecordOutput(Handler to, LongSupplier nanos) {
        this.to = to;
        this.nanos = nanos;
        this.lock = to instanceof ConsoleHandler ? StandardOutput.LOCK : new Object();
        this.told = nanos.getAsLong() - TELL_NANOS;
    }

    /** A line is lost. Any thread. */
    void lost() {
        lost.incrementAndGet();
    }

    @Override
    public void open() {}

    @Override
    public void write(ExtLogRecord line) {
        publish(line);
    }

    @Override
    public void flush() {
        if (lost.get() > 0 && nanos.getAsLong() - told >= TELL_NANOS) {
            tell();
        }
    }

    @Override
    public void close() {
        if (lost.get() > 0) {
            tell();
        }
        to.flush();
    }

    private void tell() {
        told = nanos.getAsLong();
        String text = "Left out of the log, which is not written as fast as it grows: lines=" + lost.getAndSet(0);
        ExtLogRecord line =
                new ExtLogRecord(Level.WARN, text, ExtLogRecord.FormatStyle.NO_FORMAT, RecordOutput.class.getName());
        line.setLoggerName(CATEGORY);
        publish(line);
    }

    private void publish(ExtLogRecord line) {
        synchronized (lock) {
            if (to instanceof ExtHandler own) {
                own.publish(line);
            } else {
                to.publish(line);
            }
        }
    }

    /** The next line tries again; nobody else could be told. */
    @Override
    public void failed(Throwable fault) {
        lost();
    }
}
