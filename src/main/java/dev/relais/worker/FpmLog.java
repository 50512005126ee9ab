package dev.relais.worker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Reads one master's standard error for as long as it is open (fact 14) into the log category {@code dev.relais.php}. Confined to the
 * daemon thread {@code relais-fpm-<worker>-log}, save {@link #ready}.
 */
final class FpmLog implements Runnable {
    static final int LONGEST_LINE = 8 * 1024;

    /**
     * Measured with PHP 8.2: what PHP logs goes out as FCGI_STDERR, in order and with its request, and once more to the child's standard
     * error, line by line and with a head that depends on the log level. The copy is dropped.
     */
    private static final Pattern COPY = Pattern.compile("(?:NOTICE: )?PHP message: .*");
    /** The further lines of the copy of an uncaught exception. Those of other messages cannot be told from a script's own. */
    private static final Pattern COPY_GOES_ON = Pattern.compile("Stack trace:|#\\d+ .*|  thrown in .* on line \\d+");

    private final int worker;
    private final InputStream stream;
    private final ChildOutput output;
    private final Logger logger;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private long copying;

    /**
     * @param stream the master's standard error
     * @param output takes what is said of and by children
     * @param logger takes what the master says
     */
    FpmLog(int worker, InputStream stream, ChildOutput output, Logger logger) {
        this.worker = worker;
        this.stream = stream;
        this.output = output;
        this.logger = logger;
    }

    /** Starts the thread. */
    FpmLog start() {
        Thread thread = new Thread(this, "relais-fpm-" + worker + "-log");
        thread.setDaemon(true);
        thread.start();
        return this;
    }

    /** Completes when the master says that it is ready to handle connections; fails when its log ends before. */
    CompletionStage<Void> ready() {
        return ready;
    }

    @Override
    public void run() {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        byte[] buffer = new byte[8192];
        try {
            for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
                for (int i = 0; i < n; i++) {
                    take(buffer[i], line);
                }
            }
        } catch (IOException e) {
            // The process reaper closes the stream when the master has ended.
        }
        if (line.size() > 0) {
            give(line);
        }
        ready.completeExceptionally(new IOException("the master's log has ended"));
    }

    private void take(byte b, ByteArrayOutputStream line) {
        if (b == '\n') {
            give(line);
            line.reset();
        } else if (line.size() < LONGEST_LINE) {
            // The rest of a longer line is read and dropped: the pipe has to stay empty.
            line.write(b);
        }
    }

    private void give(ByteArrayOutputStream bytes) {
        String line = bytes.toString(StandardCharsets.UTF_8);
        if (line.isEmpty()) {
            return;
        }
        try {
            FpmLine understood = FpmLine.parse(line);
            if (understood.child() == 0) {
                ChildExit exit = ChildExit.parse(understood.text());
                if (exit != null) {
                    output.ended(exit); // first: requests may be waiting for it
                }
                logger.logf(understood.level(), "worker %d: %s", worker, understood.text());
                if (understood.text().startsWith("ready to handle connections")) {
                    ready.complete(null);
                }
            } else if (!isCopy(understood)) {
                output.line(understood.child(), understood.text());
            }
        } catch (RuntimeException e) {
            // Whatever a listener does, the pipe is read on.
            logger.warnf(e, "worker %d: a line of its log was lost", worker);
        }
    }

    private boolean isCopy(FpmLine line) {
        if (COPY.matcher(line.text()).matches()) {
            copying = line.child();
            return true;
        }
        if (copying == line.child() && COPY_GOES_ON.matcher(line.text()).matches()) {
            return true;
        }
        copying = 0;
        return false;
    }
}
