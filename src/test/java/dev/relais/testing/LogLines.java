package dev.relais.testing;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;

/** The gateway's log of this JVM from now until it is closed, without times and levels. Any thread. */
public final class LogLines extends Handler implements AutoCloseable {
    private static final Logger GATEWAY = Logger.getLogger("dev.relais");

    private final PatternFormatter formatter = new PatternFormatter("%s");
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    public LogLines() {
        GATEWAY.addHandler(this);
    }

    public Stream<String> lines() {
        return lines.stream();
    }

    /** Forgets those up to now. */
    public void clear() {
        lines.clear();
    }

    @Override
    public void publish(LogRecord line) {
        lines.add(formatter.format(ExtLogRecord.wrap(line)));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        GATEWAY.removeHandler(this);
    }

    @Override
    public String toString() {
        return lines.toString();
    }
}
