package dev.relais.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The fields that a site sets in its answers where nobody has set them, and those that it removes. A Vary adds to another one: the answer
 * depends on what either names (RFC 9110 section 12.5.5).
 */
final class SetFields {
    private SetFields() {}

    /**
     * @param fields name, value, name, value
     * @param wanted values by name; an empty one removes the field
     * @return the same list when nothing changes
     */
    static List<String> in(List<String> fields, Map<String, String> wanted) {
        if (wanted.isEmpty()) {
            return fields;
        }
        List<String> changed = new ArrayList<>(fields.size() + 2 * wanted.size());
        changed.addAll(fields);
        wanted.forEach((name, value) -> {
            boolean has = false;
            for (int i = changed.size() - 2; i >= 0; i -= 2) {
                if (changed.get(i).equalsIgnoreCase(name)) {
                    has |= !name.equalsIgnoreCase("Vary") || changed.get(i + 1).equalsIgnoreCase(value);
                    if (value.isEmpty()) {
                        changed.subList(i, i + 2).clear();
                    }
                }
            }
            if (!has && !value.isEmpty()) {
                changed.add(name);
                changed.add(value);
            }
        });
        return changed;
    }
}
