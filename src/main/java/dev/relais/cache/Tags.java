package dev.relais.cache;

import java.util.ArrayList;
import java.util.List;

/**
 * The tags of answers: Cache-Tag has a list with commas, Surrogate-Key one with blanks. They belong to the function whose answers have
 * them, and do not reach clients.
 */
final class Tags {
    /** PHP names the tags here whose answers, of the same function, are to be purged; in the form of Cache-Tag. */
    public static final String PURGE = "X-Relais-Purge";

    private static final int MOST = 64;
    private static final int LONGEST = 256;

    private Tags() {}

    /** Whether a field is for this cache alone. */
    static boolean isInternal(String name) {
        return switch (name.length()) {
            case 9 -> name.equalsIgnoreCase("Cache-Tag");
            case 13 -> name.equalsIgnoreCase("Surrogate-Key");
            case 14 -> name.equalsIgnoreCase(PURGE);
            case 20 -> name.equalsIgnoreCase(TargetedControl.OWN);
            default -> false;
        };
    }

    /** The tags of an answer, which are compared as they are; more or longer ones than any index would bear are left out. */
    static List<String> of(List<String> fields) {
        List<String> tags = null;
        for (int i = 0; i < fields.size(); i += 2) {
            String name = fields.get(i);
            String separator = Fields.is(name, "Cache-Tag") ? "," : Fields.is(name, "Surrogate-Key") ? "[ \t]+" : null;
            if (separator != null) {
                tags = tags == null ? new ArrayList<>(4) : tags;
                add(tags, fields.get(i + 1).split(separator));
            }
        }
        return tags == null ? List.of() : List.copyOf(tags);
    }

    /** The tags that an answer purges. */
    static List<String> purged(List<String> fields) {
        List<String> tags = null;
        for (int i = 0; i < fields.size(); i += 2) {
            if (Fields.is(fields.get(i), PURGE)) {
                tags = tags == null ? new ArrayList<>(4) : tags;
                add(tags, fields.get(i + 1).split(","));
            }
        }
        return tags == null ? List.of() : tags;
    }

    /** Tags belong to a function: no other one can purge its answers. */
    static String own(String function, String tag) {
        return function + '\n' + tag;
    }

    private static void add(List<String> tags, String[] found) {
        for (String one : found) {
            String tag = one.strip();
            if (!tag.isEmpty() && tag.length() <= LONGEST && tags.size() < MOST && !tags.contains(tag)) {
                tags.add(tag);
            }
        }
    }
}
