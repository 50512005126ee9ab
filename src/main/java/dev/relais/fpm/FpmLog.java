package dev.relais.fpm;

import dev.relais.LogText;
import dev.relais.fastcgi.MessageBytes;
import dev.relais.process.ChildExit;
import dev.relais.process.ChildOutput;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;
import org.jboss.logging.Logger;

/**
 * Reads one master's standard error for as long as it is open (src/docs/facts.md, fact 14) into the log category {@code dev.relais.php}.
 * Confined to the daemon thread {@code relais-fpm-<worker>-log}, save {@link #ready}.
 */
final class FpmLog implements Runnable {
    private static final String LOST = "... (PHP-FPM lost the rest)";

    private final int worker;
    private final InputStream stream;
    private final ChildOutput output;
    private final LongConsumer ending;

    private final Logger logger;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private long broken; // the child whose line FPM has split and continues in its next line; 0 for none

    /**
     * @param stream the master's standard error
     * @param output receives what children write, and what the master says about children
     * @param ending receives the process id of each child that has ended, before {@code output} is told
     * @param logger receives what the master says
     */
    FpmLog(int worker, InputStream stream, ChildOutput output, LongConsumer ending, Logger logger) {
        this.worker = worker;
        this.stream = stream;
        this.output = output;
        this.ending = ending;
        this.logger = logger;
    }

    /** Starts the thread. */
    FpmLog start() {
        Thread thread = new Thread(this, "relais-fpm-" + worker + "-log");
        thread.setDaemon(true);
        thread.start();
        return this;
    }

    /** Completes when the master says that it is ready to handle connections; fails when its log ends earlier. */
    CompletionStage<Void> ready() {
        return ready;
    }

    @Override
    public void run() {
        MessageBytes line = new MessageBytes();
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
        if (!line.isEmpty()) {
            give(line);
        }
        ready.completeExceptionally(new IOException("the master's log has ended"));
    }

    private void take(byte b, MessageBytes line) {
        if (b != '\n') {
            line.add(b); // the rest of a longer line is read and counted, because the pipe has to stay empty
        } else if (!line.isEmpty()) {
            give(line);
            line.clear();
        }
    }

    private void give(MessageBytes line) {
        String text = line.text();
        int cut = FpmLine.cut(text);
        if (cut >= 0) {
            give(text.substring(0, cut) + LOST, line.length());
            give(text.substring(cut), line.length());
        } else {
            give(text, line.length());
        }
    }

    private void give(String line, long length) {
        try {
            FpmLine understood = FpmLine.parse(line);
            if (understood.child() == 0) {
                ChildExit exit = ChildExit.parse(understood.text());
                if (exit != null) {
                    ending.accept(exit.pid());
                    output.ended(exit); // this comes first, because requests may wait for it
                }
                if (exit == null || !exit.isCrash()) { // the output logs a crash itself, with a limited number of lines
                    logger.logf(
                            understood.level(),
                            "PHP-FPM: worker=%d message=%s",
                            worker,
                            LogText.escape(understood.text()));
                }
                if (understood.text().startsWith("ready to handle connections")) {
                    ready.complete(null);
                }
            } else {
                give(understood, length);
            }
        } catch (RuntimeException e) {
            // The pipe must be read further, whatever a listener throws.
            logger.warnf(e, "Line of PHP-FPM was lost: worker=%d", worker);
        }
    }

    /** Passes a line on. A line that FPM has split is far longer than what is kept of it, so its continuation is only counted. */
    private void give(FpmLine said, long length) {
        boolean goesOn = broken == said.child();
        broken = length == FpmConfigFile.LOG_LIMIT - 1 ? said.child() : 0;
        if (goesOn) {
            output.leftOut(said.child(), said.text().length());
        } else {
            output.line(said.child(), said.text(), said.logged());
        }
    }
}
