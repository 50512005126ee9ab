package dev.relais.fpm;

import dev.relais.LogText;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger.Level;

/**
 * One line of a master's log, in its parts.
 *
 * @param level how much it matters to the operator of the gateway
 * @param child the child whose standard error or output this is; 0 when the master itself speaks
 * @param text without time, level and the master's quotes: what a child says as it is, what the master says with control characters escaped
 * @param logged whether it is the first line of a message that PHP sends by FastCGI, too
 */
record FpmLine(Level level, long child, String text, boolean logged) {
    private static final Pattern HEAD =
            Pattern.compile("\\[[^]]{1,40}] (DEBUG|NOTICE|WARNING|ERROR|ALERT): (?:pid \\d+, [^:]*: )?");
    private static final Pattern SAID =
            Pattern.compile("\\[pool [^]]+] child (\\d{1,10}) said into (?:stderr|stdout): \"");
    private static final String LOGGED = "PHP message: ";
    /** What stands before it when the log level lets it pass. */
    private static final String NOTICE = "NOTICE: ";
    /** Relais ends children by TERM itself and says so; the master's line would be the second. */
    private static final Pattern TERMINATED = Pattern.compile("\\[pool [^]]+] child \\d+ exited on signal 15\\b.*");

    /** Understands a line; one of an unknown shape (PHP's start-up warnings, a broken extension) is a warning as it stands. */
    static FpmLine parse(String line) {
        Matcher head = HEAD.matcher(line);
        if (!head.lookingAt()) {
            return new FpmLine(Level.WARN, 0, LogText.escape(line), false);
        }
        String text = line.substring(head.end());
        Matcher said = SAID.matcher(text);
        if (said.lookingAt()) {
            return said(Long.parseLong(said.group(1)), unquote(text.substring(said.end())));
        }
        Level level = TERMINATED.matcher(text).matches() ? Level.DEBUG : level(head.group(1));
        return new FpmLine(level, 0, LogText.escape(text), false);
    }

    private static FpmLine said(long child, String text) {
        int from = text.startsWith(NOTICE) ? NOTICE.length() : 0;
        return text.startsWith(LOGGED, from)
                ? new FpmLine(Level.INFO, child, text.substring(from + LOGGED.length()), true)
                : new FpmLine(Level.INFO, child, text, false);
    }

    /** Without the closing quote; a line that was cut has none. */
    private static String unquote(String text) {
        String closed = "\", pipe is closed";
        int length = text.length();
        if (text.endsWith(closed)) {
            return text.substring(0, length - closed.length());
        }
        return text.endsWith("\"") ? text.substring(0, length - 1) : text;
    }

    /** FPM writes a notice for each child that starts, which is too much in the log of a gateway with hundreds of them. */
    private static Level level(String word) {
        return switch (word) {
            case "DEBUG" -> Level.TRACE;
            case "NOTICE" -> Level.DEBUG;
            case "WARNING" -> Level.WARN;
            default -> Level.ERROR;
        };
    }
}
