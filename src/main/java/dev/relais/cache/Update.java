package dev.relais.cache;

import dev.relais.cache.CacheControl.Flag;
import dev.relais.functions.CacheSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * A stored answer as a newer head makes it: that of a 304, or of the answer to a HEAD request (RFC 9111 sections 4.3.4 and 4.3.5).
 *
 * @param stored the updated answer
 * @param mayBeKept whether the newer head allows that it is kept
 */
record Update(Stored stored, boolean mayBeKept) {
    /**
     * @param newer the fields of the newer head
     * @param visible those of them that clients get
     */
    static Update of(
            Stored stored,
            List<String> newer,
            List<String> visible,
            CacheCore cache,
            CacheSettings settings,
            Asking asking,
            long nowMillis) {
        AnswerControl said = AnswerControl.of(newer, cache.targets());
        List<String> fields = Freshening.updated(stored.fields(), Stored.kept(visible, said.control(), nowMillis));
        // A targeted field is not stored, so that it counts only when it comes again.
        AnswerControl control = said.targeted() ? said : AnswerControl.of(fields, cache.targets());
        Freshness freshness = Freshness.of(
                control.control(),
                control.targeted(),
                withAge(fields, newer),
                StoreRules.declared(stored.status(), settings),
                cache.heuristic() && StoreRules.mayBeGuessed(stored.status(), control),
                asking.millis(),
                nowMillis);
        Stored updated = stored.with(
                List.copyOf(fields), freshness, Stored.Rules.of(control, settings), asking.moment(), asking.mark());
        return new Update(updated, !control.has(Flag.NO_STORE) && !control.has(Flag.PRIVATE));
    }

    /** The Age of the newer head counts; that of the stored answer is not a field of it. */
    private static List<String> withAge(List<String> fields, List<String> newer) {
        String age = Fields.first(newer, "Age");
        if (age == null) {
            return fields;
        }
        List<String> all = new ArrayList<>(fields);
        all.add("Age");
        all.add(age);
        return all;
    }
}
