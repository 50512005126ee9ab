package dev.relais.debug;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the extension is to do with a request. Each mode has workers of its own, since Xdebug's is fixed when PHP starts. */
public enum DebugMode {
    STEP("debug", List.of("XDEBUG_SESSION", "XDEBUG_SESSION_START")),
    TRACE("trace", List.of("XDEBUG_TRACE")),
    PROFILE("profile", List.of("XDEBUG_PROFILE"));

    /** The name that asks for whichever mode is configured. */
    static final String ANY = "XDEBUG_TRIGGER";

    /** How the names of the files begin that Xdebug writes; the process id and a time follow. */
    static final Map<DebugMode, String> FILES = Map.of(TRACE, "trace.", PROFILE, "cachegrind.out.");

    /** The value of {@code xdebug.mode}. */
    final String xdebug;

    /** The cookies and parameters that ask for it, as Xdebug reads them. */
    final List<String> triggers;

    DebugMode(String xdebug, List<String> triggers) {
        this.xdebug = xdebug;
        this.triggers = triggers;
    }

    /** The mode of this name; null when there is none. */
    static @Nullable DebugMode named(String name) {
        for (DebugMode mode : values()) {
            if (mode.word().equals(name)) {
                return mode;
            }
        }
        return null;
    }

    /** As users write it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
