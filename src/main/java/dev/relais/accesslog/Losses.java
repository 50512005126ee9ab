package dev.relais.accesslog;

import dev.relais.LogText;
import dev.relais.telemetry.AccessLogMeters;
import dev.relais.telemetry.AccessLogMeters.Reason;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/** Counts the lines that are lost. The log tells when that begins, and when it has not happened for a while. Any thread. */
final class Losses {
    private static final Logger LOG = Logger.getLogger(Losses.class);
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final AccessLogMeters meters;
    private final LongSupplier nanos;
    private final AtomicBoolean told = new AtomicBoolean();
    private final AtomicLong lines = new AtomicLong(); // since it was told
    private volatile long last; // when lines were lost

    /** @param nanos as {@link System#nanoTime} */
    Losses(AccessLogMeters meters, LongSupplier nanos) {
        this.meters = meters;
        this.nanos = nanos;
    }

    void lost(Reason reason, int count, String cause) {
        meters.dropped(reason, count);
        lines.addAndGet(count);
        last = nanos.getAsLong();
        if (!told.get() && told.compareAndSet(false, true)) {
            LOG.warnf("Access log loses lines: cause=%s", LogText.value(cause));
        }
    }

    /** Called again and again by the writer, so that the end of a time of losses is told, too. */
    void settle() {
        if (told.get() && nanos.getAsLong() - last > QUIET_NANOS) {
            told.set(false);
            LOG.warnf("Access log is whole again: lost=%d", lines.getAndSet(0));
        }
    }
}
