package dev.relais.cache;

import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The answers of this gateway in the level that it shares with others: under which keys they lie, for how long, and what others have purged
 * of them. A resource has a key with a token; its answers have keys of their own and carry the token, so that they are all gone with the
 * resource's key. Any thread.
 */
final class SharedAnswers implements SharedLevel.Listener {
    private static final long MOST_TTL_SECONDS = TimeUnit.DAYS.toSeconds(7);

    private static final char END = '\n';
    private static final int HASH_BYTES = 24;

    private final SharedLevel level;
    private final Regions regions;
    private final LongSupplier clock;
    private final PurgeHistory history = new PurgeHistory();

    /** @param clock milliseconds since 1970 */
    SharedAnswers(SharedLevel level, Regions regions, LongSupplier clock) {
        this.level = level;
        this.regions = regions;
        this.clock = clock;
    }

    SharedLevel level() {
        return level;
    }

    PurgeHistory history() {
        return history;
    }

    /** The key of a resource: what an unsafe request makes outdated. */
    static String resource(String function, String primary) {
        return hash(function + END + primary);
    }

    /** The key of an answer, or where answers differ by Vary, of what says by which fields. */
    static String answer(String resource, String exact) {
        return hash(resource + END + exact);
    }

    /** The key of one of several answers that differ by Vary. */
    static String selected(String answer, String selecting) {
        return hash(answer + END + END + selecting);
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().encodeToString(hash).substring(0, HASH_BYTES * 4 / 3);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // each JVM has it
        }
    }

    /** Whether a kept answer may have been purged by another gateway, of which this one has heard nothing for too long. */
    private boolean distrusts(Stored stored, long nowMillis) {
        long asked = stored.freshness().came() - TimeUnit.NANOSECONDS.toMillis(stored.runNanos());
        return level.distrusts(asked, nowMillis);
    }

    /** What was found here, if it can be trusted. */
    Region.Found trusted(Region.Found found, long nowMillis) {
        return level.isOn() && found instanceof Region.Found.Answer answer && distrusts(answer.stored(), nowMillis)
                ? Region.Found.Nothing.NOTHING
                : found;
    }

    /** A coding of a stored answer was made, which the others need not make again. */
    void storeCoded(Region region, ResultKey key, MultiMap headers, Stored stored) {
        if (stored.mark() != null
                && region.find(key, headers) instanceof Region.Found.Answer answer
                && answer.stored() == stored) {
            store(region.function(), key.primary(), stored);
        }
    }

    /** Gives an answer that was just stored here to the others. */
    void store(String function, String primary, Stored stored) {
        SharedMark mark = stored.mark();
        if (mark == null) {
            return;
        }
        long now = clock.getAsLong();
        Stored.Rules rules = stored.rules();
        long useful = stored.ttl(now) + Math.max(rules.whileRevalidate(), rules.ifError());
        if (rules.validates() || useful <= 0) {
            return;
        }
        if (stored.content().length() > level.maxObject()) {
            level.counts().count(SharedCounts.Store.DROPPED);
            return;
        }
        long ttl = TimeUnit.SECONDS.toMillis(Math.min(useful, MOST_TTL_SECONDS));
        String resource = resource(function, primary);
        String key = answer(resource, stored.exact());
        if (!stored.vary().isEmpty()) {
            write(resource, key, StoredBytes.pointer(stored.vary()), mark, ttl);
            key = selected(key, stored.selecting());
        }
        write(resource, key, StoredBytes.answer(stored, mark.moment(), level.clockAhead()), mark, ttl);
    }

    private void write(String resource, String key, byte[] entry, SharedMark mark, long ttl) {
        level.write(new SharedLevel.Write(resource, key, entry, mark.token(), mark.isNew(), ttl));
    }

    /** Tells the others of an unsafe request. */
    void outdate(String function, String primary) {
        if (level.isOn()) {
            level.outdate(resource(function, primary), function, primary);
        }
    }

    /** Tells the others of a purge. From now on nothing that it is about is taken from the shared level. */
    void purge(PurgeScope scope) {
        if (level.isOn()) {
            history.expect(scope);
            level.purge(scope);
        }
    }

    @Override
    public void told(SharedMoment moment, PurgeScope scope, int count) {
        history.told(moment, scope, count);
    }

    @Override
    public void begins(SharedMoment moment) {
        history.begin(moment);
    }

    @Override
    public void loses() {
        history.lose();
    }

    @Override
    public void recorded(SharedMoment moment, PurgeScope scope) {
        history.add(moment, scope);
    }

    @Override
    public void purged(PurgeScope scope) {
        if (scope.function() != null && scope.tag() != null && scope.path() == null) {
            regions.purgeTag(scope.function(), scope.tag(), scope.soft(), clock.getAsLong());
        } else {
            regions.purge(scope, clock.getAsLong());
        }
    }

    @Override
    public void tooManyOutdated() {
        purge(PurgeScope.everything(clock.getAsLong()));
    }

    @Override
    public void missed() {
        for (Region region : regions.all()) {
            region.clear();
        }
    }

    /** An answer that was on its way to the shared level at that moment came after its removal: it is removed again. */
    @Override
    public void outdated(String function, String primary) {
        Region region = regions.get(function);
        if (region != null && region.invalidate(primary)) {
            level.remove(resource(function, primary));
        }
    }
}
