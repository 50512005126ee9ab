package dev.relais.accesslog;

import dev.relais.ConfigurationProblem;
import dev.relais.LogText;
import dev.relais.output.BoundedQueue;
import dev.relais.output.QueueWriter;
import dev.relais.telemetry.AccessLogMeters;
import dev.relais.telemetry.AccessLogMeters.Reason;
import dev.relais.telemetry.InvocationObserver;
import dev.relais.telemetry.Timeline;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The access log, if there is one. Any thread. */
@Singleton
public final class AccessLog implements InvocationObserver {
    private static final Logger LOG = Logger.getLogger(AccessLog.class);
    /** Between two looks for entries, so that nobody has to wake the writer for each; only where many have gathered it is woken. */
    private static final Duration PAUSE = Duration.ofMillis(50);

    private static final Duration OPEN = Duration.ofSeconds(2);
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final AccessLogConfig config;
    private final LongSupplier millis;
    private final BoundedQueue<Entry> queue;
    private final Losses losses;
    private final String[] fields;
    private final @Nullable QueueWriter<Entry> writer; // null: off

    @Inject
    AccessLog(AccessLogConfig config, AccessLogMeters meters) {
        this(config, meters, System::currentTimeMillis, System::nanoTime);
    }

    /**
     * @param millis the time since 1970
     * @param nanos as {@link System#nanoTime}
     */
    AccessLog(AccessLogConfig config, AccessLogMeters meters, LongSupplier millis, LongSupplier nanos) {
        AccessLogConfig.check(config);
        this.config = config;
        this.millis = millis;
        this.queue = new BoundedQueue<>(config.buffer().asLongValue(), Entry::bytes);
        this.losses = new Losses(meters, nanos);
        LineFormat format = LineFormats.of(config.format());
        this.fields = format == null ? new String[0] : format.fields();
        this.writer = format == null
                ? null
                : new QueueWriter<>("relais-access-log", queue, new LineOutput(format, sink(), losses), PAUSE);
    }

    private Sink sink() {
        if (config.file().isPresent()) {
            return new FileSink(config.file().get(), config.maxSize().asLongValue(), config.keep(), losses);
        }
        if (config.syslog().isEmpty()) {
            return new StandardOutputSink(losses);
        }
        SyslogAddress address = SyslogAddress.of(config.syslog().get());
        SyslogSink.Datagrams datagrams = address.host() == null
                ? new UnixDatagrams(String.valueOf(address.path()), LockSupport::parkNanos)
                : new UdpDatagrams(address.host(), address.port());
        return new SyslogSink(datagrams, host(), process(), losses, millis);
    }

    /** Begins to write. Once, at the start. Blocks for two seconds at most. */
    public void start() {
        if (writer == null) {
            return;
        }
        try {
            writer.start().get(OPEN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warnf(
                    "Access log waits until its file can be opened, as a pipe that somebody reads can: file=%s",
                    LogText.value(config.file().orElse(null)));
        } catch (ExecutionException e) {
            boolean file = config.file().isPresent();
            throw new ConfigurationProblem(
                    AccessLogConfig.PREFIX + (file ? "file" : "syslog"),
                    file ? config.file().get() : config.syslog().orElse(null),
                    "cannot be opened: " + LogText.value(e.getCause()),
                    file ? "name a file in a folder that is there and may be written to" : "name another server");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the start is broken off
        }
    }

    /** Has the file opened again, which may have been renamed. Returns false when there is none. */
    public boolean reopen() {
        if (writer == null || config.file().isEmpty()) {
            return false;
        }
        writer.reopen();
        return true;
    }

    /** Ends the log behind the last line. Blocks for two seconds at most. */
    public void stop() {
        if (writer == null) {
            return;
        }
        try {
            if (!writer.stop(CLOSE)) {
                LOG.warnf("Access log is not written to its end within %d s", CLOSE.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void ended(Timeline timeline) {
        QueueWriter<Entry> on = writer;
        if (on == null) {
            return;
        }
        if (!queue.offer(Entry.of(timeline, fields, millis.getAsLong()))) {
            losses.lost(Reason.BUFFER, 1, "there is no room in relais.access-log.buffer");
        }
        if (queue.isCrowded()) {
            on.wake();
        }
    }

    @Override
    public void unreadable(Timeline timeline) {
        ended(timeline);
    }

    /** The name of this host, without asking anybody for it. */
    private static String host() {
        try {
            return SyslogSink.name(Files.readString(Path.of("/proc/sys/kernel/hostname")));
        } catch (IOException e) {
            return "-";
        }
    }

    private static String process() {
        try {
            return SyslogSink.name(
                    Path.of("/proc/self").toRealPath().getFileName().toString());
        } catch (IOException e) {
            return "-";
        }
    }
}
