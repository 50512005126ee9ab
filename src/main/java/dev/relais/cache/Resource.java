package dev.relais.cache;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stored answers of one resource, the newest first: one for each exact part and each selection by Vary. Immutable.
 *
 * @param answers at least one
 * @param weight the memory that they take, in bytes, with the key
 */
record Resource(List<Stored> answers, int weight) {
    /** More than these are not kept: a Vary by a field that each client has another value of would fill the cache. */
    static final int MOST_ANSWERS = 32;

    private static final int OBJECT_BYTES = 200;

    static Resource of(String primary, List<Stored> answers) {
        long weight = OBJECT_BYTES + primary.length();
        for (int i = 0; i < answers.size(); i++) {
            weight += answers.get(i).weight();
        }
        return new Resource(answers, (int) Math.min(weight, Integer.MAX_VALUE));
    }

    /** With an answer in the place of the one that the same requests would get. */
    static Resource with(@Nullable Resource former, String primary, Stored added) {
        if (former == null) {
            return of(primary, List.of(added));
        }
        List<Stored> answers = new ArrayList<>(former.answers.size() + 1);
        answers.add(added);
        for (Stored stored : former.answers) {
            boolean replaced =
                    stored.exact().equals(added.exact()) && (stored.selecting().equals(added.selecting()));
            if (!replaced && answers.size() < MOST_ANSWERS) {
                answers.add(stored);
            }
        }
        return of(primary, answers);
    }

    /**
     * With one answer replaced, if it is still there.
     *
     * @param updated null when it is only removed
     * @return null when no answer is left
     */
    @Nullable
    Resource replacing(String primary, Stored old, @Nullable Stored updated) {
        List<Stored> left = new ArrayList<>(answers);
        int index = -1;
        for (int i = 0; i < left.size() && index < 0; i++) {
            index = left.get(i) == old ? i : -1;
        }
        if (index < 0) {
            return this;
        }
        if (updated == null) {
            left.remove(index);
        } else {
            left.set(index, updated);
        }
        return left.isEmpty() ? null : of(primary, left);
    }
}
