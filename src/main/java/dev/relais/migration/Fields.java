package dev.relais.migration;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fields of answers, as {@code headers} takes them. */
final class Fields {
    private Fields() {}

    /** Why {@code headers} does not take this field; null when it does. */
    static @Nullable String refusal(String name, String value) {
        if (!name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}")) {
            return "is not the name of a field";
        }
        if (name.matches(
                "(?i)content-(length|encoding|range)|transfer-encoding|connection|keep-alive|upgrade|trailer|te|date|x-accel-.*")) {
            return "Relais alone sets this field";
        }
        return value.isBlank() || !value.matches("[\\x20-\\x7E\\xA0-\\xFF\\t]{1,4000}")
                ? "is not the value of a field"
                : null;
    }

    /** Sets a field, whose name may be there in another case. */
    static void put(Map<String, @Nullable String> headers, String name, @Nullable String value) {
        headers.keySet().removeIf(name::equalsIgnoreCase);
        headers.put(name, value);
    }

    /**
     * Sets a field, or what stands in its place: for files {@code expires} says what Cache-Control does.
     *
     * @param isOfFiles whether the paths are those of files alone
     * @return why it could not be set; null when it was
     */
    static @Nullable String set(PathDraft path, String name, String value, boolean isOfFiles) {
        if (name.equalsIgnoreCase("Cache-Control") && isOfFiles) {
            String expires = Ages.ofCacheControl(value);
            if (expires != null) {
                path.expires = expires;
                return null;
            }
        }
        if (name.equalsIgnoreCase("Expires") || name.equalsIgnoreCase("Pragma")) {
            return "expires says this by Cache-Control";
        }
        String refusal = refusal(name, value);
        if (refusal == null) {
            put(path.headers, name, value.strip());
        }
        return refusal;
    }
}
