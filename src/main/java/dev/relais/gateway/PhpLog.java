package dev.relais.gateway;

import org.jboss.logging.Logger;

/** Writes what functions say on their error stream into the gateway's log, one line each, under {@code dev.relais.php}. */
final class PhpLog {
    private static final Logger LOG = Logger.getLogger("dev.relais.php");
    /** PHP-FPM puts it before what {@code error_log} takes; the category says as much. */
    private static final String PREFIX = "PHP message: ";

    private PhpLog() {}

    static void log(String function, String message) {
        String text = message.startsWith(PREFIX) ? message.substring(PREFIX.length()) : message;
        boolean error = text.startsWith("PHP Fatal") || text.startsWith("PHP Parse");
        LOG.log(error ? Logger.Level.ERROR : Logger.Level.WARN, function + ": " + escape(text));
    }

    /** So that no script can forge log lines. */
    static String escape(String message) {
        StringBuilder line = null;
        for (int i = 0; i < message.length(); i++) {
            char c = message.charAt(i);
            boolean control = c < ' ' || c >= 0x7F && c < 0xA0 || c == 0x2028 || c == 0x2029;
            if (control && line == null) {
                line = new StringBuilder(message.length() + 16).append(message, 0, i);
            }
            if (control) {
                line.append(
                        c == '\n' ? "\\n" : c == '\t' ? "\\t" : c == '\r' ? "\\r" : String.format("\\u%04x", (int) c));
            } else if (line != null) {
                line.append(c);
            }
        }
        return line == null ? message : line.toString();
    }
}
