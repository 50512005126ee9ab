package dev.relais.cache;

import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a request that select one of several stored answers (RFC 9111 section 4.1). Values are the same when they differ only
 * in blanks around commas or in how they are spread over lines.
 */
final class Selection {
    /** More names than this cannot be meant to be found again. */
    private static final int MOST_NAMES = 32;

    private Selection() {}

    /**
     * The names of an answer's Vary fields, in small letters and sorted.
     *
     * @param fields of the answer
     * @return null for {@code *}, which no request ever matches
     */
    static @Nullable List<String> names(List<String> fields) {
        List<String> names = null;
        for (int i = 0; i < fields.size(); i += 2) {
            if (!Fields.is(fields.get(i), "Vary")) {
                continue;
            }
            for (String member : fields.get(i + 1).split(",", -1)) {
                String name = member.strip().toLowerCase(Locale.ROOT);
                if (name.equals("*")) {
                    return null;
                }
                names = names == null ? new ArrayList<>(4) : names;
                if (!name.isEmpty() && !names.contains(name)) {
                    names.add(name);
                }
            }
        }
        if (names == null || names.isEmpty()) {
            return List.of();
        }
        Collections.sort(names);
        return names.size() > MOST_NAMES ? null : List.copyOf(names);
    }

    /** What these fields of a request say, as one text that is equal for requests that match each other. */
    static String of(List<String> names, MultiMap headers) {
        if (names.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder(64);
        for (int i = 0; i < names.size(); i++) {
            append(text, names.get(i), headers);
        }
        return text.toString();
    }

    static void append(StringBuilder text, String name, MultiMap headers) {
        text.append(name);
        List<String> values = headers.getAll(name);
        for (int i = 0; i < values.size(); i++) {
            text.append(i == 0 ? '=' : ',');
            appendNormal(text, values.get(i));
        }
        text.append('\n');
    }

    /** Without blanks at the ends and around commas outside of quoted strings. */
    private static void appendNormal(StringBuilder text, String value) {
        boolean quoted = false;
        int blanks = 0;
        boolean start = true;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (!quoted && (c == ' ' || c == '\t')) {
                blanks++;
                continue;
            }
            if (!quoted && c == ',') {
                text.append(',');
                blanks = 0;
                start = true;
                continue;
            }
            if (!start && blanks > 0) {
                text.append(value, i - blanks, i);
            }
            blanks = 0;
            start = false;
            text.append(c);
            if (c == '"') {
                quoted = !quoted;
            } else if (quoted && c == '\\' && i + 1 < value.length()) {
                text.append(value.charAt(++i));
            }
        }
    }
}
