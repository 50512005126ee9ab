package dev.relais.accesslog;

import dev.relais.ConfigurationProblem;
import org.jspecify.annotations.Nullable;

/** The formats of lines by their names in the configuration. */
final class LineFormats {
    /** The one that most tools read, from Apache and nginx. */
    private static final String COMBINED =
            "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent"
                    + " \"$http_referer\" \"$http_user_agent\"";

    private LineFormats() {}

    /**
     * @param value as in the configuration
     * @return null for no log
     * @throws ConfigurationProblem when it is none of the names, and no pattern
     */
    static @Nullable LineFormat of(String value) {
        return switch (value) {
            case "off" -> null;
            case "combined" -> LinePattern.of(COMBINED);
            case "json" -> new JsonLine();
            default -> LinePattern.of(value);
        };
    }
}
