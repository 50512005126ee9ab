package dev.relais.output;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.logging.Handler;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;

/**
 * Stands before a handler that writes log lines, and has them written by a thread of its own. What does not fit into its queue is dropped and
 * counted: who logs never waits. Quarkus' own, {@code quarkus.log.console.async}, keeps so many lines of any length, counts none that it
 * discards, and at the end of the process loses those that wait.
 *
 * <p>Once it is closed, what still comes is written by whoever logs it, unless the output was stuck then. Any thread.
 */
final class QueuedHandler extends ExtHandler {
    /** Between two looks when nobody wakes it: what was lost is told by then. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** About what a line takes without its text, and what the places in its stack traces take. */
    private static final int LEAST_BYTES = 400;

    private static final int TRACE_BYTES = 16 << 10;

    private enum Phase {
        WRITING,
        CLOSED,
        STUCK
    }

    private final Handler to;
    private final BoundedQueue<ExtLogRecord> queue;
    private final RecordOutput output;
    private final QueueWriter<ExtLogRecord> writer;
    private final Runnable dropped;
    private volatile Phase phase = Phase.WRITING;

    /**
     * @param to writes the lines
     * @param capacity of the queue, in bytes
     * @param dropped called for each line that is dropped
     * @param nanos as {@link System#nanoTime}
     */
    QueuedHandler(Handler to, long capacity, Runnable dropped, LongSupplier nanos) {
        this.to = to;
        this.queue = new BoundedQueue<>(capacity, QueuedHandler::bytes);
        this.output = new RecordOutput(to, nanos);
        this.writer = new QueueWriter<>("relais-log", queue, output, PAUSE);
        this.dropped = dropped;
        setLevel(to.getLevel());
        setFormatter(to.getFormatter());
        writer.start();
    }

    private static int bytes(ExtLogRecord line) {
        String text = line.getMessage();
        return LEAST_BYTES + (text == null ? 0 : 2 * text.length()) + (line.getThrown() == null ? 0 : TRACE_BYTES);
    }

    @Override
    public boolean isCallerCalculationRequired() {
        return to instanceof ExtHandler own ? own.isCallerCalculationRequired() : super.isCallerCalculationRequired();
    }

    @Override
    protected void doPublish(ExtLogRecord line) {
        if (phase == Phase.CLOSED) {
            output.write(line);
            return;
        }
        settle(line);
        if (phase == Phase.WRITING && queue.offer(line)) {
            writer.wake();
            if (phase == Phase.CLOSED) {
                drain(); // the writer may have ended before it could see the line
            }
        } else {
            output.lost();
            dropped.run();
        }
    }

    /** Keeps what only this thread knows, and what may be another thing later; what the line was made of is not kept. */
    private void settle(ExtLogRecord line) {
        if (isCallerCalculationRequired()) {
            line.copyAll();
        } else {
            line.copyMdc();
        }
        if (line.getFormatStyle() != ExtLogRecord.FormatStyle.NO_FORMAT) { // else another handler has done it
            line.setMessage(line.getFormattedMessage(), ExtLogRecord.FormatStyle.NO_FORMAT);
            line.setParameters(null);
        }
    }

    /** Writes what the writer, which has ended, has left. */
    private void drain() {
        for (ExtLogRecord line = queue.poll(); line != null; line = queue.poll()) {
            output.write(line);
        }
    }

    /** Nobody who logs waits for the lines to be written. */
    @Override
    public void flush() {}

    /**
     * Writes what waits. Blocks.
     *
     * @param most for how long; when that is not enough, what waits and what still comes is lost
     */
    void finish(Duration most) {
        try {
            phase = writer.stop(most) ? Phase.CLOSED : Phase.STUCK;
            if (phase == Phase.CLOSED) {
                drain(); // what was put in after the writer's last look
            }
        } catch (InterruptedException e) {
            phase = Phase.STUCK;
            Thread.currentThread().interrupt();
        }
    }
}
