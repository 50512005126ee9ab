package dev.relais.redis;

import dev.relais.cache.PurgeScope;
import dev.relais.cache.SharedMoment;
import io.vertx.redis.client.Response;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the journal.
 *
 * @param begins whether all that is older is void
 * @param purge what was purged; null when it only begins
 * @param run the server's process that it was given to
 * @param by who has added it
 */
record JournalEntry(
        SharedMoment moment, boolean begins, @Nullable String purge, String run, String by) {
    static final String PURGE = "purge";

    /** @return null when it cannot be one */
    static @Nullable JournalEntry of(Response entry) {
        SharedMoment moment = SharedMoment.parse(entry.get(0).toString());
        Response fields = entry.get(1);
        if (moment == null) {
            return null;
        }
        boolean begins = false;
        String purge = null;
        String run = "";
        String by = "";
        for (int i = 0; fields != null && i + 1 < fields.size(); i += 2) {
            String value = String.valueOf(fields.get(i + 1));
            switch (String.valueOf(fields.get(i))) {
                case "begin" -> begins = true;
                case PURGE -> purge = value;
                case "run" -> run = value;
                case "by" -> by = value;
                default -> {}
            }
        }
        return new JournalEntry(moment, begins, purge, run, by);
    }

    /** What is purged; everything when that cannot be understood. */
    @Nullable
    PurgeScope scope(long nowMillis) {
        return begins ? null : PurgeScope.parse(purge, nowMillis);
    }
}
