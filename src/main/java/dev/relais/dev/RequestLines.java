package dev.relais.dev;

import dev.relais.LogText;
import dev.relais.fastcgi.PhpMessage;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;
import org.jboss.logging.Logger.Level;

/**
 * The line of one request in the terminal, with the messages of PHP below it. It is written when the request ends, or with the first message after
 * a second, when what comes later is written as it comes. Confined to the request's event loop.
 */
final class RequestLines {
    private static final Logger LOG = Logger.getLogger("dev.relais.dev");
    private static final long PATIENCE_NANOS = 1_000_000_000;
    private static final int LONGEST = 8192;

    private final String request;
    private final long begin;
    private final List<String> held = new ArrayList<>();
    private Level level = Level.INFO;
    private boolean written;

    /**
     * @param request its method and target
     * @param begin as {@link System#nanoTime}
     */
    RequestLines(String request, long begin) {
        this.request = LogText.escape(request, LONGEST);
        this.begin = begin;
    }

    void message(String message, long now) {
        Level of = PhpMessage.level(message);
        if (of.compareTo(level) < 0) {
            level = of; // the enum begins with the gravest
        }
        held.add(message);
        if (written || now - begin > PATIENCE_NANOS) {
            write(request + " is running");
        }
    }

    /** @param outcome such as a status */
    void end(String outcome, long now) {
        write(request + " " + outcome + " in " + (now - begin) / 1_000_000 + " ms");
    }

    private void write(String line) {
        StringBuilder text = new StringBuilder(line);
        for (String message : held) {
            for (String one : message.stripTrailing().split("\n")) {
                text.append("\n    ").append(LogText.escape(one, LONGEST));
            }
        }
        held.clear();
        written = true;
        LOG.log(level, text.toString());
    }
}
