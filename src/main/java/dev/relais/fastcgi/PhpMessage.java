package dev.relais.fastcgi;

import org.jboss.logging.Logger.Level;

/** The log level of a message of PHP, from the word that PHP puts before what its engine reports (main.c, php_error_cb). */
public final class PhpMessage {
    private PhpMessage() {}

    /**
     * The level of a message. What a script passes to {@code error_log} itself is a warning, since nothing says how serious it
     * is.
     */
    public static Level level(String message) {
        if (!message.startsWith("PHP ")) {
            return Level.WARN;
        }
        int colon = message.indexOf(": ");
        return switch (colon < 0 ? "" : message.substring(4, colon)) {
            case "Fatal error", "Parse error", "Recoverable fatal error", "Catchable fatal error" -> Level.ERROR;
            case "Notice", "Deprecated", "Strict Standards" -> Level.INFO;
            default -> Level.WARN;
        };
    }
}
