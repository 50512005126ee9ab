package dev.relais.cache;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The purges in the journal that gateways share, as far as this one knows them: what an answer from the shared level is checked against.
 * Nothing in the shared level is looked for when something is purged there; the answer is refused when it is read. Any thread may check,
 * one event loop adds.
 */
final class PurgeHistory {
    /** More purges by path are remembered as purges of their functions. */
    private static final int MOST_PATHS = 256;

    /** More purges by function or tag are remembered as a purge of everything. */
    private static final int MOST_NAMES = 100_000;

    /** While more purges wait to be told, no shared answer is used. */
    private static final int MOST_UNTOLD = 256;

    /**
     * What has become of an answer.
     *
     * @param gone whether it is purged; otherwise it has become stale
     * @param millis since when, since 1970
     */
    record Purged(boolean gone, long millis) {}

    /** The last purges with one name. */
    private record Last(
            @Nullable SharedMoment hard, @Nullable SharedMoment soft, long softMillis) {
        static final Last NONE = new Last(null, null, 0);

        Last with(SharedMoment moment, PurgeScope scope) {
            if (!scope.soft()) {
                return new Last(later(hard, moment), soft, softMillis);
            }
            SharedMoment last = later(soft, moment);
            return new Last(hard, last, last == moment ? scope.millis() : softMillis);
        }

        private static SharedMoment later(@Nullable SharedMoment former, SharedMoment moment) {
            return former == null || former.isBefore(moment) ? moment : former;
        }
    }

    private record ByPath(SharedMoment moment, PurgeScope scope) {}

    private final Map<String, Last> byFunction = new ConcurrentHashMap<>(); // "" for all functions
    private final Map<String, Last> byTag = new ConcurrentHashMap<>(); // of a function, or of "" for all
    private final List<ByPath> byPath = new CopyOnWriteArrayList<>();
    private final List<PurgeScope> untold = new CopyOnWriteArrayList<>();
    private long expected; // guarded by this
    private volatile boolean muchUntold; // more than are remembered
    private volatile @Nullable SharedMoment floor; // what was made before it is not used; null: nothing is

    /** From here on the journal is known; what was made before is not used. */
    void begin(SharedMoment moment) {
        floor = moment;
        byFunction.clear();
        byTag.clear();
        byPath.clear();
    }

    /** Nothing is known of the journal any more. */
    void lose() {
        floor = null;
    }

    void add(SharedMoment moment, PurgeScope scope) {
        String function = scope.function() == null ? "" : scope.function();
        if (scope.path() != null) {
            if (byPath.size() < MOST_PATHS) {
                byPath.add(new ByPath(moment, scope));
                return;
            }
            for (ByPath former : byPath) { // in a few entries that cover them all
                PurgeScope of = former.scope();
                String name = of.function() == null ? "" : of.function();
                put(byFunction, name, former.moment(), of);
            }
            put(byFunction, function, moment, scope);
            byPath.clear();
        } else if (scope.tag() != null) {
            put(byTag, Tags.own(function, scope.tag()), moment, scope);
        } else {
            put(byFunction, function, moment, scope);
        }
        if (byTag.size() > MOST_NAMES || byFunction.size() > MOST_NAMES) {
            begin(moment);
        }
    }

    private static void put(Map<String, Last> names, String name, SharedMoment moment, PurgeScope scope) {
        names.put(name, names.getOrDefault(name, Last.NONE).with(moment, scope));
    }

    /** A purge of this gateway is on its way into the journal: it counts for all that is there. */
    synchronized void expect(PurgeScope scope) {
        expected++;
        if (untold.size() < MOST_UNTOLD) {
            untold.add(scope);
        } else {
            muchUntold = true;
        }
    }

    /**
     * It is there, at this moment.
     *
     * @param count how many that were expected it stands for
     */
    synchronized void told(SharedMoment moment, PurgeScope scope, int count) {
        add(moment, scope);
        untold.remove(scope);
        expected -= count;
        if (expected == 0) {
            untold.clear();
            muchUntold = false;
        }
    }

    /**
     * What has become of an answer.
     *
     * @param moment that was known when PHP was asked for it
     * @param primary of its key
     * @param tags as {@link Stored#tags}
     * @return null when nothing has happened to it
     */
    @Nullable
    Purged of(SharedMoment moment, String function, String primary, List<String> tags) {
        SharedMoment known = floor;
        if (known == null || moment.isBefore(known) || muchUntold) {
            return new Purged(true, 0);
        }
        for (PurgeScope scope : untold) {
            if (concerns(scope, function, primary, tags)) {
                return new Purged(true, 0);
            }
        }
        Purged found = after(byFunction.get(""), moment, after(byFunction.get(function), moment, null));
        for (int i = 0; i < tags.size() && !byTag.isEmpty(); i++) {
            String tag = tags.get(i);
            found = after(byTag.get(tag), moment, found);
            found = after(byTag.get(Tags.own("", tag.substring(tag.indexOf('\n') + 1))), moment, found);
        }
        for (ByPath purge : byPath) {
            if (moment.isBefore(purge.moment()) && concerns(purge.scope(), function, primary, tags)) {
                found = worse(found, !purge.scope().soft(), purge.scope().millis());
            }
        }
        return found;
    }

    private static @Nullable Purged after(@Nullable Last last, SharedMoment moment, @Nullable Purged found) {
        if (last == null) {
            return found;
        }
        Purged worst = found;
        if (last.hard() != null && moment.isBefore(last.hard())) {
            worst = worse(worst, true, 0);
        }
        return last.soft() != null && moment.isBefore(last.soft()) ? worse(worst, false, last.softMillis()) : worst;
    }

    private static Purged worse(@Nullable Purged found, boolean gone, long millis) {
        if (found == null) {
            return new Purged(gone, millis);
        }
        return new Purged(found.gone() || gone, Math.min(found.millis(), millis));
    }

    private static boolean concerns(PurgeScope scope, String function, String primary, List<String> tags) {
        return (scope.function() == null || scope.function().equals(function))
                && (scope.path() == null || ResultKey.isAt(primary, scope.path()))
                && (scope.tag() == null || tags.contains(Tags.own(function, scope.tag())));
    }
}
