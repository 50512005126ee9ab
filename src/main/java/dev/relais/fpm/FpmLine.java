package dev.relais.fpm;

import dev.relais.LogText;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger.Level;

/**
 * One line of a master's log, split into its parts.
 *
 * @param level how much it matters to the operator of the gateway
 * @param child the child that wrote this to its standard error or output; 0 when the master itself wrote it
 * @param text the text without time, level and the master's quotes; a child's text as it is, the master's text with control
 *     characters escaped
 * @param logged whether it is the first line of a message that PHP also sends by FastCGI
 */
record FpmLine(Level level, long child, String text, boolean logged) {
    private static final Pattern HEAD =
            Pattern.compile("\\[[^]]{1,40}] (DEBUG|NOTICE|WARNING|ERROR|ALERT): (?:pid \\d+, [^:]*: )?");
    private static final Pattern SAID =
            Pattern.compile("\\[pool [^]]+] child (\\d{1,10}) said into (?:stderr|stdout): \"");
    private static final String ENDED = " seconds from start";
    private static final Pattern EXIT =
            Pattern.compile(HEAD.pattern() + "\\[pool [^]]+] child \\d{1,10} exited [^\"]+ after [\\d.]+" + ENDED);

    private static final String LOGGED = "PHP message: ";
    /** The prefix of what a script logs when the log level of FPM lets notices pass. */
    private static final String NOTICE = "NOTICE: ";
    /** Relais logs it itself when it ends a child by TERM, so the master's line would be a second one. */
    private static final Pattern TERMINATED = Pattern.compile("\\[pool [^]]+] child \\d+ exited on signal 15\\b.*");

    /**
     * Where the master's word of a child's end begins within a line of a child. A signal, such as a child's end, interrupts the master while
     * it writes to a full pipe, and PHP-FPM does not write the rest: that line has neither its end nor a line feed, and the next one follows
     * at once. A child cannot write this, since whatever it says ends with the master's quote.
     *
     * @return -1 where the line is whole
     */
    static int cut(String line) {
        if (!line.endsWith(ENDED)) {
            return -1;
        }
        int at = line.lastIndexOf("[pool ");
        int next = at < 0 ? -1 : line.lastIndexOf('[', at - 1);
        return next > 0 && EXIT.matcher(line).region(next, line.length()).matches() ? next : -1;
    }

    /** Parses a line. A line of an unknown shape, such as PHP's start-up warnings, is taken whole as a warning. */
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

    /** What a child has said, without what FPM writes before it. */
    static FpmLine said(long child, String text) {
        int from = text.startsWith(NOTICE) ? NOTICE.length() : 0;
        return text.startsWith(LOGGED, from)
                ? new FpmLine(Level.INFO, child, text.substring(from + LOGGED.length()), true)
                : new FpmLine(Level.INFO, child, text, false);
    }

    /** Removes the closing quote, which a line that was cut does not have. */
    private static String unquote(String text) {
        String closed = "\", pipe is closed";
        int length = text.length();
        if (text.endsWith(closed)) {
            return text.substring(0, length - closed.length());
        }
        return text.endsWith("\"") ? text.substring(0, length - 1) : text;
    }

    /**
     * The level of a line. A notice becomes debug, since FPM writes one for each child that starts, and a gateway may have
     * hundreds of them.
     */
    private static Level level(String word) {
        return switch (word) {
            case "DEBUG" -> Level.TRACE;
            case "NOTICE" -> Level.DEBUG;
            case "WARNING" -> Level.WARN;
            default -> Level.ERROR;
        };
    }
}
