package dev.relais.migration;

import org.jspecify.annotations.Nullable;

/** Variables that scripts get, as {@code variables} takes them. */
final class Variables {
    private static final int LONGEST = 8_000;

    private Variables() {}

    /** Why {@code variables} does not take it; null when it does. */
    static @Nullable String refusal(String name, String value) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]{0,127}")) {
            return "is not the name of a variable";
        }
        if (name.startsWith("HTTP_")
                || name.matches(
                        "SCRIPT_FILENAME|PHP_VALUE|PHP_ADMIN_VALUE|CONTENT_LENGTH|CONTENT_TYPE|REQUEST_METHOD")) {
            return "this variable is the request's, or decides what runs";
        }
        return value.length() > LONGEST ? "more than " + LONGEST + " characters" : null;
    }
}
