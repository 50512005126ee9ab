package dev.relais.cache;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Brings a stored answer up to date with the head of a 304, or of the answer to a HEAD request (RFC 9111 sections 3.2 and 4.3). */
final class Freshening {
    /** Fields that describe the stored bytes, which do not change (section 3.2). */
    private static final Set<String> OF_THE_BYTES = Set.of(
            "content-digest",
            "content-encoding",
            "content-length",
            "content-md5",
            "content-range",
            "digest",
            "repr-digest",
            "transfer-encoding");

    private Freshening() {}

    /** Whether a 304 is about this stored answer: one of its validators is the same, or it has none (section 4.3.4). */
    static boolean selects(Stored stored, List<String> fields) {
        String tag = Fields.first(fields, "ETag");
        String modified = Fields.first(fields, "Last-Modified");
        return tag == null && modified == null
                || tag != null && sameTag(tag, stored.etag())
                || modified != null && modified.equals(stored.lastModified());
    }

    private static boolean sameTag(String tag, @Nullable String other) {
        return other != null && ClientConditions.opaque(tag).equals(ClientConditions.opaque(other));
    }

    /** Whether the answer to a HEAD request is about this stored answer (section 4.3.5). */
    static boolean selectsByHead(Stored stored, int status, List<String> fields, long length) {
        String tag = Fields.first(fields, "ETag");
        String modified = Fields.first(fields, "Last-Modified");
        return status == stored.status()
                && (tag == null || tag.equals(stored.etag()))
                && (modified == null || modified.equals(stored.lastModified()))
                && (length < 0 || length == stored.content().length());
    }

    /** The stored fields with those of the newer head in their place; all lines of a field are replaced together. */
    static List<String> updated(List<String> stored, List<String> newer) {
        Set<String> replaced = new HashSet<>();
        List<String> fields = new ArrayList<>(stored.size() + newer.size());
        for (int i = 0; i < newer.size(); i += 2) {
            String name = newer.get(i).toLowerCase(Locale.ROOT);
            if (!OF_THE_BYTES.contains(name)) {
                replaced.add(name);
            }
        }
        for (int i = 0; i < stored.size(); i += 2) {
            if (!replaced.contains(stored.get(i).toLowerCase(Locale.ROOT))) {
                fields.add(stored.get(i));
                fields.add(stored.get(i + 1));
            }
        }
        for (int i = 0; i < newer.size(); i += 2) {
            if (replaced.contains(newer.get(i).toLowerCase(Locale.ROOT))) {
                fields.add(newer.get(i));
                fields.add(newer.get(i + 1));
            }
        }
        return fields;
    }
}
