package dev.relais.fpm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;

/** Writes the configuration of one worker: one pool with a fixed number of children. Blocks. */
final class FpmConfigFile {
    /**
     * The most bytes of a line of a master's log, and of what a script may log at once; FPM splits a longer line and cuts a
     * longer message. The gateway keeps less of a message, so that it is the gateway that cuts and counts. With
     * {@code log_buffering} FPM writes each line in one piece, so that the lines of two children do not mix.
     */
    static final int LOG_LIMIT = 1 << 20;

    private FpmConfigFile() {}

    /** Writes {@link FpmLaunch#configFile}, readable by its owner only. */
    static void write(FpmLaunch launch) throws IOException {
        Files.writeString(launch.configFile(), text(launch));
        Files.setPosixFilePermissions(launch.configFile(), PosixFilePermissions.fromString("rw-------"));
    }

    static String text(FpmLaunch launch) {
        // -O sends the log to standard error whatever error_log says, but FPM opens that file all the same: an ordinary
        // user may not open the default under /var/log, nor another user's /proc/self/fd/2 (src/docs/facts.md, fact
        // 14).
        StringBuilder text = new StringBuilder("""
                [global]
                error_log = /dev/null
                log_level = notice
                log_limit = %d
                log_buffering = yes
                daemonize = no
                emergency_restart_threshold = 0
                process_control_timeout = 1s

                """.formatted(LOG_LIMIT));
        text.append("[relais-").append(launch.worker()).append("]\n");
        line(text, "listen", launch.socket());
        // Relais opens one connection for each child. The backlog has space for twice as many, since children may die
        // meanwhile (src/docs/facts.md, fact 7).
        line(text, "listen.backlog", Math.max(128, 2 * launch.setup().children()));
        line(text, "listen.mode", "0600");
        if (launch.setup().user().switched()) {
            line(text, "user", launch.setup().user().name());
            line(text, "group", launch.setup().user().group());
        }
        line(text, "pm", "static");
        line(text, "pm.max_children", launch.setup().children());
        // Both are 0, because request_terminate_timeout kills kept idle children (src/docs/facts.md, fact 6), and
        // max_requests closes a kept connection.
        text.append("""
                pm.max_requests = 0
                request_terminate_timeout = 0
                clear_env = yes
                catch_workers_output = yes
                decorate_workers_output = yes
                security.limit_extensions = .php
                """);
        // FPM replaces $NAME by the value of the master's variable, so no value has to be written in ini syntax.
        for (String name : launch.setup().passedOn()) {
            text.append("env[").append(name).append("] = $").append(name).append('\n');
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String key, Object value) {
        text.append(key).append(" = ").append(value).append('\n');
    }
}
