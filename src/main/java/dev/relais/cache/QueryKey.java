package dev.relais.cache;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a query that belongs to the key. Where only some parameters were chosen, a name counts as PHP reads it: percent-decoded,
 * without blanks before it, with underscores for dots, blanks and an open bracket, and up to its first bracket. Otherwise
 * {@code ci%74y=Rome} would reach PHP as the city, and not the key.
 */
final class QueryKey {
    /** PHP reads no more parameters than max_input_vars, so that those behind it would count here and not there. */
    private static final int MOST_PARAMETERS = 200;

    private QueryKey() {}

    /** One parameter as it came, with its name as PHP reads it. */
    private record Parameter(String name, String raw) {}

    /**
     * @param query as received, without the question mark
     * @param chosen the names of the parameters that count; null for all
     * @param sorted whether their order does not count
     * @return null when the query is too odd to be a part of a key
     */
    static @Nullable String of(String query, @Nullable List<String> chosen, boolean sorted) {
        if (query.isEmpty() || chosen == null && !sorted) {
            return query;
        }
        List<Parameter> parameters = new ArrayList<>();
        int count = 0;
        for (int from = 0; from <= query.length(); ) {
            int end = query.indexOf('&', from);
            end = end < 0 ? query.length() : end;
            if (++count > MOST_PARAMETERS) {
                return null;
            }
            String raw = query.substring(from, end);
            int equals = raw.indexOf('=');
            String name = name(equals < 0 ? raw : raw.substring(0, equals));
            if (name == null) {
                return null;
            }
            if (!raw.isEmpty() && (chosen == null || chosen.contains(name))) {
                parameters.add(new Parameter(name, raw));
            }
            from = end + 1;
        }
        if (sorted) {
            // Among parameters of one name the order counts: PHP takes the last one.
            parameters.sort(Comparator.comparing(Parameter::name));
        }
        StringBuilder key = new StringBuilder(query.length());
        for (Parameter parameter : parameters) {
            key.append(key.length() == 0 ? "" : "&").append(parameter.raw());
        }
        return key.toString();
    }

    /** The name of a parameter as PHP reads it; null when it has an escape that it may read in another way. */
    static @Nullable String name(String raw) {
        StringBuilder name = new StringBuilder(raw.length());
        boolean open = false;
        for (int i = 0; i < raw.length(); i++) {
            int c = raw.charAt(i);
            if (c == '+') {
                c = ' ';
            } else if (c == '%') {
                int high = i + 2 <= raw.length() - 1 ? Character.digit(raw.charAt(i + 1), 16) : -1;
                int low = i + 2 <= raw.length() - 1 ? Character.digit(raw.charAt(i + 2), 16) : -1;
                if (high >= 0 && low >= 0) {
                    c = high * 16 + low;
                    i += 2;
                }
            }
            if (c == 0) {
                return null;
            }
            if (c == ' ' && name.length() == 0) {
                continue;
            }
            if (c == '[' && name.length() > 0) {
                open = true;
                break;
            }
            name.append(c == ' ' || c == '.' || c == '[' ? '_' : (char) c);
        }
        return open || name.length() > 0 ? name.toString() : "";
    }
}
