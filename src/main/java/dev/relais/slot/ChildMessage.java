package dev.relais.slot;

import dev.relais.LogText;
import dev.relais.MessageLog;
import dev.relais.fastcgi.PhpMessage;
import org.jboss.logging.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Logs messages of a child that came by its master's log and not by FastCGI. */
final class ChildMessage {
    private ChildMessage() {}

    /**
     * Writes a message to the gateway's log, with the function that the child runs or last ran.
     *
     * @param function its name; null when it is not known
     * @param logged whether PHP has logged it; otherwise a script or an extension has written it
     */
    static void log(int worker, long pid, @Nullable String function, String text, boolean logged) {
        if (text.isEmpty()) {
            return;
        }
        String origin = (function == null ? "" : "function=" + LogText.value(function) + " ") + "worker=" + worker
                + " child=" + pid;
        MessageLog.log(logged ? PhpMessage.level(text) : Level.INFO, function == null ? "" : function, origin, text);
    }
}
