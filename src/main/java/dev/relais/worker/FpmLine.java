package dev.relais.worker;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger.Level;

/**
 * One line of a master's log, understood.
 *
 * @param level how much it matters to the operator of the gateway
 * @param child the child whose standard error this is; 0 when the master itself speaks
 * @param text without time, level and the master's quotes; control characters escaped
 */
record FpmLine(Level level, long child, String text) {
    private static final Pattern LINE =
            Pattern.compile("\\[[^]]{1,40}] (DEBUG|NOTICE|WARNING|ERROR|ALERT): (?:pid \\d+, [^:]*: )?(.*)");
    private static final Pattern SAID = Pattern.compile(
            "\\[pool [^]]+] child (\\d{1,10}) said into (?:stderr|stdout): \"(.*?)\"?(?:, pipe is closed)?");
    /** Relais ends children by TERM itself and says so; the master's line would be the second. */
    private static final Pattern TERMINATED = Pattern.compile("\\[pool [^]]+] child \\d+ exited on signal 15\\b.*");

    /** Understands a line; one of an unknown shape (PHP's start-up warnings, a broken extension) is a warning as it stands. */
    static FpmLine parse(String line) {
        Matcher shape = LINE.matcher(line);
        if (!shape.matches()) {
            return new FpmLine(Level.WARN, 0, escape(line));
        }
        String text = shape.group(2);
        Matcher said = SAID.matcher(text);
        if (said.matches()) {
            return new FpmLine(Level.INFO, Long.parseLong(said.group(1)), escape(said.group(2)));
        }
        return new FpmLine(TERMINATED.matcher(text).matches() ? Level.DEBUG : level(shape.group(1)), 0, escape(text));
    }

    /** FPM's notices tell of each child that starts: chatter at a gateway with hundreds. */
    private static Level level(String word) {
        return switch (word) {
            case "DEBUG" -> Level.TRACE;
            case "NOTICE" -> Level.DEBUG;
            case "WARNING" -> Level.WARN;
            default -> Level.ERROR;
        };
    }

    /** Control characters as \\xNN: a script must not forge log lines or drive the terminal of whoever reads them. */
    static String escape(String text) {
        StringBuilder escaped = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean control = c < ' ' && c != '\t' || c >= 127 && c < 160 || c == '\u2028' || c == '\u2029';
            if (control && escaped == null) {
                escaped = new StringBuilder(text.length() + 16).append(text, 0, i);
            }
            if (control) {
                escaped.append(c < 256 ? String.format("\\x%02x", (int) c) : String.format("\\u%04x", (int) c));
            } else if (escaped != null) {
                escaped.append(c);
            }
        }
        return escaped == null ? text : escaped.toString();
    }
}
