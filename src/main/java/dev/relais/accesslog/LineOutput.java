package dev.relais.accesslog;

import dev.relais.LimitedLog;
import dev.relais.output.Output;
import java.io.IOException;
import java.time.ZoneId;

/** Makes lines of entries and gives them to a sink. Owned by the writer's thread. */
final class LineOutput implements Output<Entry> {
    private static final LimitedLog LOG = new LimitedLog(LineOutput.class);

    private final LineFormat format;
    private final Sink sink;
    private final Losses losses;
    private final Line line = new Line(ZoneId.systemDefault());

    LineOutput(LineFormat format, Sink sink, Losses losses) {
        this.format = format;
        this.sink = sink;
        this.losses = losses;
    }

    @Override
    public void open() throws IOException {
        sink.open();
    }

    @Override
    public void write(Entry entry) {
        line.clear();
        format.write(entry, line);
        sink.add(line.plain('\n'));
    }

    @Override
    public void flush() {
        sink.flush();
        losses.settle();
    }

    @Override
    public void reopen() {
        sink.reopen();
    }

    @Override
    public void close() {
        sink.close();
    }

    @Override
    public void failed(Throwable fault) {
        LOG.fault("A line of the access log is lost by a fault of Relais", fault);
    }
}
