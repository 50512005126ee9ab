package dev.relais.cache;

import dev.relais.LimitedLog;
import dev.relais.cache.CacheCounts.Outcome;
import dev.relais.cache.CacheStatus.Forward;
import dev.relais.cache.SharedCounts.LookUp;
import dev.relais.cache.UseRules.Use;
import io.netty.channel.EventLoop;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks for an answer in the shared level, before PHP is asked for it: only one of all requests that wait for the same answer does so. What
 * is found is checked, kept here as well, and given to those who wait. Confined to the request's event loop.
 */
public final class SharedLookUp implements SharedLevel.Reader {
    private static final LimitedLog LOG = new LimitedLog(SharedLookUp.class);

    private final Question of;
    private final CacheCore cache;
    private final Region region;
    private final ResultKey key;
    private final SharedLevel level;
    private final EventLoop loop;
    private final Consumer<Reply.@Nullable Give> then;
    private final String resource;
    private final long moment; // on the clock of Purges, when it began
    private final long epoch;
    private final long deadline;
    private String at; // the key that is read

    private SharedLookUp(Question of, ResultKey key, EventLoop loop, Consumer<Reply.@Nullable Give> then) {
        this.of = of;
        this.cache = of.cache;
        this.region = of.region;
        this.key = key;
        this.level = cache.shared().level();
        this.loop = loop;
        this.then = then;
        this.moment = cache.regions().purges().now();
        this.epoch = cache.epoch();
        this.deadline = level.deadlineNanos();
        this.resource = SharedAnswers.resource(region.function(), key.primary());
        this.at = SharedAnswers.answer(resource, key.exact());
    }

    /**
     * Begins, if a shared answer may be given to the request and one can be expected to be there.
     *
     * @param then told once, on the loop: with the answer to give, or null when PHP has to be asked
     * @return false when PHP has to be asked at once
     */
    public static boolean begins(Question question, EventLoop loop, Consumer<Reply.@Nullable Give> then) {
        CacheCore cache = question.cache;
        if (!cache.shared().level().isOn()
                || question.why == Forward.BYPASS
                || question.why == Forward.REQUEST
                || UseRules.isToBeValidated(question.request.control())
                || !cache.expectsToStore(question.function, question.region)
                || question.key.isNone()
                || !question.asking.looksUp()) {
            return false;
        }
        SharedLookUp lookUp = new SharedLookUp(question, question.key.get(), loop, then);
        boolean asked = lookUp.level.read(loop, lookUp.resource, lookUp.at, lookUp.deadline, lookUp);
        if (!asked) {
            lookUp.level.counts().count(LookUp.SKIPPED);
        }
        return asked;
    }

    @Override
    public void read(SharedLevel.Read outcome, String token, byte[] entry) {
        switch (outcome) {
            case DONE -> tryFound(token, entry);
            case TIMEOUT -> misses(LookUp.TIMEOUT, "redis-timeout");
            case ERROR -> misses(LookUp.ERROR, "redis-error");
            case FOREIGN -> misses(LookUp.BROKEN, null);
        }
    }

    private void tryFound(String token, byte[] entry) {
        try {
            found(token, entry);
        } catch (RuntimeException e) {
            LOG.fault("An answer from Redis cannot be used by a fault of Relais", e);
            misses(LookUp.BROKEN, null);
        }
    }

    private void found(String token, byte[] entry) {
        of.asking.lookedUp(token);
        level.counts().read(entry.length);
        if (token.isEmpty() || entry.length == 0) {
            misses(LookUp.MISS, null);
            return;
        }
        StoredBytes.Entry read = StoredBytes.read(entry, of.origin, moment, token, level.clockAhead(), cache.memory());
        if (read instanceof StoredBytes.Entry.Answer answer) {
            take(answer);
        } else if (read instanceof StoredBytes.Entry.Pointer pointer && at.equals(first())) {
            at = SharedAnswers.selected(at, Selection.of(pointer.vary(), of.headers));
            if (!level.read(loop, resource, at, deadline, this)) {
                misses(LookUp.SKIPPED, null);
            }
        } else {
            misses(LookUp.BROKEN, null);
        }
    }

    private String first() {
        return SharedAnswers.answer(resource, key.exact());
    }

    private void take(StoredBytes.Entry.Answer answer) {
        Stored stored = answer.stored();
        if (!stored.matches(key.exact(), Selection.of(stored.vary(), of.headers))) {
            misses(LookUp.BROKEN, null); // whoever has put it there
            return;
        }
        PurgeHistory.Purged purged =
                cache.shared().history().of(answer.moment(), region.function(), key.primary(), stored.tags());
        if (purged != null && purged.gone()
                || epoch != cache.epoch()
                || !region.isCurrent(key.primary(), stored.tags(), moment)) {
            misses(LookUp.MISS, null);
            return;
        }
        use(purged == null ? stored : stored.ended(purged.millis()));
    }

    /** Gives it, or has PHP validate it when it is stale. */
    private void use(Stored stored) {
        long now = cache.nowMillis();
        Stored own = of.known;
        if (own != null && own.freshness().came() >= stored.freshness().came()) {
            misses(LookUp.MISS, null);
            return;
        }
        keep(stored);
        Use use = UseRules.of(stored, of.request, now);
        if (use == Use.STALE) {
            of.known = stored;
            of.why = Forward.STALE;
        }
        boolean given = use == Use.FRESH || use == Use.MAX_STALE || use == Use.WHILE_REVALIDATE;
        if (!given) {
            misses(LookUp.MISS, null);
            return;
        }
        level.counts().count(LookUp.HIT);
        of.count(use == Use.FRESH ? Outcome.HIT : Outcome.STALE);
        region.counts().saved(stored.runNanos(), stored.ageSeconds(now));
        of.asking.stands(stored);
        then.accept(new Reply.Give(stored, use == Use.WHILE_REVALIDATE, SharedMark.hit(stored, now)));
    }

    private void keep(Stored stored) {
        if (stored.content().length() > cache.maxObject()) {
            return;
        }
        if (!region.hasEverStored()) {
            cache.firstIsStored(region);
        }
        region.put(key.primary(), stored);
        cache.regions().settle(region);
    }

    private void misses(LookUp outcome, @Nullable String detail) {
        level.counts().count(outcome);
        if (of.detail == null) {
            of.detail = detail;
        }
        then.accept(null);
    }
}
