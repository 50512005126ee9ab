package dev.relais.fastcgi;

import org.jboss.logging.Logger.Level;

/** How much a message of PHP matters: by the word that PHP itself puts before what its engine reports (main.c, php_error_cb). */
public final class PhpMessage {
    private PhpMessage() {}

    /** A script's own {@code error_log} is a warning, since nobody knows better. */
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
