package dev.relais.cache;

import dev.relais.cache.CacheCounts.Outcome;
import dev.relais.cache.CacheStatus.Forward;
import dev.relais.cache.UseRules.Use;
import dev.relais.functions.CacheSettings;
import dev.relais.functions.PhpFunction;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.MultiMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One GET or HEAD request, as the cache sees it: first it is {@linkplain #lookUp looked up}; if PHP has to be asked, it may
 * {@linkplain #board wait for another request's answer}, or others wait for its own; then it is given PHP's answer as it arrives and
 * says what the client gets. Confined to the request's event loop.
 */
public final class Question {
    /** What the client gets when PHP's head has come. */
    public sealed interface Head {
        /** PHP's answer, with these fields. */
        record Pass(List<String> fields) implements Head {}

        /** A stored answer in its place. */
        record Give(Stored stored, String status) implements Head {}
    }

    final CacheCore cache;
    final Region region;
    final PhpFunction function;
    final CacheSettings settings;
    final RequestKey key;
    final CacheRequest request;
    final MultiMap headers;
    Asking asking; // by lookUp, as what follows, when PHP has to be asked
    Intake intake;
    private Conditions conditions;
    Forward why = Forward.BYPASS;

    @Nullable
    Stored known; // what may be validated, or given when PHP fails; null for none

    @Nullable
    String detail;

    Stored.@Nullable Origin origin; // null: not known
    boolean validates;
    private boolean isAlone; // no client waits for it
    private @Nullable Outcome outcome; // null: not counted yet
    private @Nullable Sharing sharing; // null before it is asked for a place

    @SuppressWarnings("NullAway.Init") // a hit needs none of them
    Question(
            CacheCore cache,
            Region region,
            PhpFunction function,
            CacheSettings settings,
            RequestKey key,
            CacheRequest request,
            MultiMap headers) {
        this.cache = cache;
        this.region = region;
        this.function = function;
        this.settings = settings;
        this.key = key;
        this.request = request;
        this.headers = headers;
    }

    /** A question about the same resource that no client waits for: the fields of the request are changed for it. */
    public Question revalidation() {
        Question alone = new Question(cache, region, function, settings, key, request, headers);
        alone.isAlone = true;
        alone.prepare();
        return alone;
    }

    public void origin(Stored.Origin script) {
        origin = script;
    }

    public Reply lookUp() {
        if (key.isNone() || request.forOrigin()) {
            detail = key.isNone() ? "key" : "condition";
            return ask(Forward.BYPASS);
        }
        if (!region.hasEverStored()) {
            return ask(Forward.URI_MISS);
        }
        long now = cache.nowMillis();
        Region.Found found = cache.shared().trusted(region.find(key.get(), headers), now);
        if (found instanceof Region.Found.Answer answer) {
            return use(answer.stored(), now);
        }
        return ask(found instanceof Region.Found.Others ? Forward.VARY_MISS : Forward.URI_MISS);
    }

    private Reply use(Stored stored, long now) {
        Use use = UseRules.of(stored, request, now);
        return switch (use) {
            case FRESH -> give(stored, now, false, Outcome.HIT, null);
            case MAX_STALE -> {
                region.counts().stale(CacheCounts.Stale.MAX_STALE);
                yield give(stored, now, false, Outcome.STALE, "max-stale");
            }
            case WHILE_REVALIDATE -> {
                region.counts().stale(CacheCounts.Stale.WHILE_REVALIDATE);
                yield give(stored, now, true, Outcome.STALE, "stale-while-revalidate");
            }
            case STALE, REQUEST -> {
                known = stored;
                yield ask(use == Use.STALE ? Forward.STALE : Forward.REQUEST);
            }
            case NOT_FOR_IT -> {
                detail = request.cookie() && !stored.rules().forCookies() ? "cookie" : "authorization";
                yield ask(Forward.BYPASS);
            }
        };
    }

    private Reply give(Stored stored, long now, boolean revalidate, Outcome outcome, @Nullable String reason) {
        count(outcome);
        region.counts().saved(stored.runNanos(), stored.ageSeconds(now));
        return new Reply.Give(stored, revalidate, CacheStatus.hit(stored.ttl(now), reason));
    }

    private Reply ask(Forward reason) {
        why = reason;
        prepare();
        boolean only = request.control().has(CacheControl.Flag.ONLY_IF_CACHED);
        return only ? Reply.Unsatisfied.UNSATISFIED : Reply.Ask.ASK;
    }

    private void prepare() {
        asking = new Asking(cache, region);
        intake = new Intake(cache, region, asking);
        conditions = new Conditions(headers);
    }

    /**
     * Takes a place among those who ask the same, if requests like this one share their answers.
     *
     * @return the flight of another request that is to be followed; null when this request asks PHP itself
     */
    public @Nullable Flight board() {
        boolean shares = !key.isNone()
                && why != Forward.BYPASS
                && why != Forward.REQUEST
                && cache.expectsToStore(function, region)
                && sharing().isWanted();
        return shares ? sharing().board(asking) : null;
    }

    /** The flight that was followed has no pilot any more: another place is wanted. */
    public @Nullable Flight boardAgain() {
        sharing = null;
        return board();
    }

    /**
     * Boards for a revalidation that no client waits for.
     *
     * @return whether nobody else asks
     */
    public boolean boardsAlone() {
        if (key.isNone() || sharing().board(asking) != null) {
            return false;
        }
        Region.Found found = region.find(key.get(), headers);
        known = found instanceof Region.Found.Answer answer ? answer.stored() : null;
        why = Forward.STALE;
        return true;
    }

    private Sharing sharing() {
        Sharing known = sharing;
        if (known == null) {
            known = new Sharing(cache, region, key.get(), request, headers);
            sharing = known;
        }
        return known;
    }

    /** PHP is about to be asked: the cache's own conditions take the place of the client's. */
    public void beforeAsking() {
        asking.begin();
        Stored stored = known;
        validates = stored != null
                && stored.isValidatable()
                && (isAlone || !request.isNoStore() && request.range() == null);
        if (isAlone) {
            headers.remove("Range");
        }
        if (validates || isAlone) {
            conditions.put(validates ? stored : null);
        }
    }

    /** The client's conditions are back. */
    public void afterEncoding() {
        conditions.putBack();
    }

    /**
     * PHP's head has come.
     *
     * @param fields without those of the connection
     * @param mediaType as in the head
     * @param length of the body; -1 when it is not announced
     */
    public Head head(int status, String reason, List<String> fields, @Nullable String mediaType, long length) {
        return new PhpHead(this, status, reason, fields, mediaType, length).take();
    }

    /** Gives a stored answer in the place of a failure, to those who wait as well. */
    Head replaced(Stored stored, int status, CacheCounts.Stale reason, String word, long now) {
        String value = status == 0
                ? CacheStatus.hit(stored.ttl(now), word)
                : CacheStatus.forwarded(why, status, false, 0, false, word);
        count(Outcome.STALE);
        region.counts().stale(reason);
        region.counts().saved(0, stored.ageSeconds(now));
        asking.stands(stored);
        return new Head.Give(stored, value);
    }

    /** A piece of the body has come, which is copied. */
    public void body(ByteBuf in, int length) {
        int wanted = intake.isRunning() ? intake.wanted(length) : 0;
        if (wanted > 0) {
            intake.body(ByteBufUtil.getBytes(in, in.readerIndex(), wanted, true));
        }
    }

    public void pieceIsComplete() {
        intake.pieceIsComplete();
    }

    /** Whether other requests wait for the answer, so that it is made even if this one's client is gone. */
    public boolean isWaitedFor() {
        return asking.isFollowed() || intake.isFollowed();
    }

    public void end(boolean whole) {
        if (asking == null) {
            return; // PHP need not be asked
        }
        if (whole) {
            intake.whole();
        } else {
            intake.drop(NotStored.INCOMPLETE);
        }
        asking.land();
    }

    public void discard() {
        intake.discard();
    }

    /** A file is sent in the place of the answer. */
    public void isFile() {
        asking.isNotStored(NotStored.FILE, true);
    }

    /** The client is gone before PHP was asked: one of those who wait takes the place of this request. */
    public void vacate() {
        if (asking != null) {
            asking.vacate();
        }
    }

    /**
     * A stored answer to give in the place of a problem.
     *
     * @param refused whether PHP was not asked because no child is to be had; otherwise it has failed
     * @return null when there is none that may be given
     */
    public Head.@Nullable Give instead(boolean refused) {
        Stored stored = known;
        if (stored == null) {
            return null;
        }
        long now = cache.nowMillis();
        boolean may = refused
                ? UseRules.mayReplaceRefusal(stored, request, cache.staleWhenSaturated(settings), now)
                : UseRules.mayReplaceError(stored, request, now);
        if (!may) {
            return null;
        }
        return (Head.Give) replaced(
                stored,
                0,
                refused ? CacheCounts.Stale.WHEN_SATURATED : CacheCounts.Stale.IF_ERROR,
                refused ? "stale-when-saturated" : "stale-if-error",
                now);
    }

    /** Whether another request's answer, for which this one has waited, is for it as well. */
    public boolean accepts(Stored other) {
        return sharing != null && sharing.accepts(other);
    }

    /** The value of Cache-Status for an answer that another request has asked PHP for. */
    public String collapsed(Stored stored) {
        long now = cache.nowMillis();
        boolean loaded = SharedMark.isLoaded(stored);
        count(loaded ? Outcome.HIT : Outcome.COLLAPSED);
        region.counts().saved(stored.runNanos(), stored.ageSeconds(now));
        return loaded ? SharedMark.hit(stored, now) : CacheStatus.forwarded(why, 0, true, stored.ttl(now), true, null);
    }

    void count(Outcome outcome) {
        if (this.outcome == null) {
            this.outcome = outcome;
            region.counts().count(outcome);
        }
    }

    /** How the request got its answer; null while that is not known. */
    public @Nullable String outcome() {
        return outcome == null ? null : outcome.word();
    }

    public boolean isNotModified(Stored stored) {
        return ClientConditions.isNotModified(stored, headers, cache.nowMillis() / 1000);
    }

    /** The Range field that counts for a stored answer; null for none. */
    public @Nullable String range(Stored stored) {
        return request.range() != null
                        && !request.head()
                        && stored.status() == 200
                        && ClientConditions.rangeCounts(stored, headers.get("If-Range"), cache.nowMillis() / 1000)
                ? request.range()
                : null;
    }

    public long age(Stored stored) {
        return stored.ageSeconds(cache.nowMillis());
    }

    /** A coding of the content was kept, so that the answer weighs more. */
    public void codingKept(Stored stored) {
        region.reweigh(key.get().primary());
        cache.regions().settle(region);
        cache.shared().storeCoded(region, key.get(), headers, stored);
    }

    public boolean tells() {
        return cache.tells();
    }
}
