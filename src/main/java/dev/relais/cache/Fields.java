package dev.relais.cache;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Header fields as a list: name, value, name, value. */
final class Fields {
    private Fields() {}

    static @Nullable String first(List<String> fields, String name) {
        for (int i = 0; i < fields.size(); i += 2) {
            if (is(fields.get(i), name)) {
                return fields.get(i + 1);
            }
        }
        return null;
    }

    static boolean has(List<String> fields, String name) {
        return first(fields, name) != null;
    }

    static boolean is(String field, String name) {
        return field.length() == name.length() && field.equalsIgnoreCase(name);
    }
}
