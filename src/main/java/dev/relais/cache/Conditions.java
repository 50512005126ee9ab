package dev.relais.cache;

import io.vertx.core.MultiMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts the conditions by which a stored answer is validated into a request for PHP, in the place of the client's own (RFC 9111 section
 * 4.3.1), and those of the client back afterwards.
 */
final class Conditions {
    private static final String TAGS = "If-None-Match";
    private static final String SINCE = "If-Modified-Since";

    private final MultiMap headers;
    private boolean replaced;
    private @Nullable String tags; // the client's, while they are replaced
    private @Nullable String since;

    Conditions(MultiMap headers) {
        this.headers = headers;
    }

    /** @param stored null for a request without any condition */
    void put(@Nullable Stored stored) {
        if (!replaced) {
            tags = joined(TAGS);
            since = joined(SINCE);
            replaced = true;
        }
        set(TAGS, stored == null ? null : stored.etag());
        set(SINCE, stored == null ? null : stored.lastModified());
    }

    void putBack() {
        if (replaced) {
            set(TAGS, tags);
            set(SINCE, since);
            replaced = false;
        }
    }

    private @Nullable String joined(String name) {
        List<String> values = headers.getAll(name);
        return values.isEmpty() ? null : String.join(", ", values);
    }

    private void set(String name, @Nullable String value) {
        if (value == null) {
            headers.remove(name);
        } else {
            headers.set(name, value);
        }
    }
}
