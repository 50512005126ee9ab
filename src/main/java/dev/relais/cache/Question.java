package dev.relais.cache;

import dev.relais.cache.CacheCounts.Outcome;
import dev.relais.cache.CacheStatus.Forward;
import dev.relais.cache.UseRules.Use;
import dev.relais.functions.CacheSettings;
import dev.relais.functions.PhpFunction;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One GET or HEAD request, as the cache sees it: first it is {@linkplain #lookUp looked up}; if PHP has to be asked, it may
 * {@linkplain #board wait for another request's answer}, or others wait for its own; then it is given PHP's answer as it arrives and
 * says what the client gets. Confined to the request's event loop.
 */
public final class Question {
    /** What is done with the request. */
    public sealed interface Reply {
        /**
         * A stored answer is given.
         *
         * @param revalidate whether PHP is to be asked for a new one meanwhile
         * @param status the value of Cache-Status
         */
        record Give(Stored stored, boolean revalidate, String status) implements Reply {}

        /** PHP has to be asked. */
        record Ask() implements Reply {
            private static final Ask ASK = new Ask();
        }

        /** Only a stored answer was wanted, and there is none: 504 (RFC 9111 section 5.2.1.7). */
        record Unsatisfied() implements Reply {
            private static final Unsatisfied UNSATISFIED = new Unsatisfied();
        }
    }

    /** What the client gets when PHP's head has come. */
    public sealed interface Head {
        /** PHP's answer, with these fields. */
        record Pass(List<String> fields) implements Head {}

        /** A stored answer in its place. */
        record Give(Stored stored, String status) implements Head {}
    }

    private final ResultCache cache;
    private final Region region;
    private final PhpFunction function;
    private final CacheSettings settings;
    private final @Nullable ResultKey key;
    private final CacheRequest request;
    private final MultiMap headers;
    private Forward why = Forward.BYPASS;
    private @Nullable Stored known; // what may be validated, or given when PHP fails; null for none
    private @Nullable Flight flight; // of this request's own question; null for none
    private @Nullable Recording recording; // null while nothing is to be stored
    private @Nullable String detail;
    private @Nullable String[] conditions; // the client's own, while the cache's stand in their place; null otherwise
    private long askedMillis;
    private long moment;
    private long epoch;
    private long announced = -1;
    private boolean validates;
    private boolean isAlone; // no client waits for it
    private Stored.@Nullable Origin origin; // null: not known
    private int taken; // bytes of the body
    private boolean counted;

    Question(
            ResultCache cache,
            Region region,
            PhpFunction function,
            CacheSettings settings,
            @Nullable ResultKey key,
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
        return alone;
    }

    /** Sets the script that answers. */
    public void origin(Stored.Origin script) {
        origin = script;
    }

    public Reply lookUp() {
        if (key == null) {
            detail = "key";
            return ask(Forward.BYPASS);
        }
        if (request.forOrigin()) {
            detail = "condition";
            return ask(Forward.BYPASS);
        }
        long now = cache.nowMillis();
        Region.Found found = region.find(key, headers);
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
        if (request.control().has(CacheControl.Flag.ONLY_IF_CACHED)) {
            return Reply.Unsatisfied.UNSATISFIED;
        }
        return Reply.Ask.ASK;
    }

    /**
     * Takes a place in a flight, if requests like this one share their answers: a range or a HEAD cannot be shared, and neither can a
     * request that wants an answer of its own.
     *
     * @return the flight of another request that is to be followed; null when this request asks PHP itself
     */
    public @Nullable Flight board() {
        if (key == null
                || why == Forward.BYPASS
                || why == Forward.REQUEST
                || request.head()
                || request.range() != null
                || request.isNoStore()
                || flight != null
                || !cache.expectsToStore(function, region)) {
            return null;
        }
        Flights.Boarding boarding = cache.flightsUnderWay().board(flightKey());
        flight = boarding.own();
        return boarding.other();
    }

    /** Boards for a revalidation that no client waits for. */
    public boolean boardsAlone() {
        Flights.Boarding boarding = cache.flightsUnderWay().board(flightKey());
        flight = boarding.own();
        if (boarding.other() == null && key != null) {
            Region.Found found = region.find(key, headers);
            known = found instanceof Region.Found.Answer answer ? answer.stored() : null;
            why = Forward.STALE;
            return true;
        }
        return false;
    }

    /** Requests with cookies or credentials may get other answers, so that they wait only for each other. */
    private String flightKey() {
        ResultKey own = Objects.requireNonNull(key);
        List<String> vary = region.vary(own.primary());
        String selected = vary == null || vary.isEmpty() ? "" : Selection.of(vary, headers);
        return region.function() + '\n' + own.primary() + '\n' + own.exact() + '\n' + selected
                + (request.cookie() ? "\ncookie" : "") + (request.authorization() ? "\nauthorization" : "");
    }

    /** PHP is about to be asked: puts the cache's own conditions in the place of the client's (RFC 9111 section 4.3.1). */
    public void beforeAsking() {
        askedMillis = cache.nowMillis();
        moment = cache.regionsOf().purges().now();
        epoch = cache.epoch();
        taken = 0;
        Stored stored = known;
        if (isAlone) {
            headers.remove("Range");
            set("If-None-Match", stored == null ? null : stored.etag());
            set("If-Modified-Since", stored == null ? null : stored.lastModified());
            validates = stored != null && stored.isValidatable();
            return;
        }
        validates = stored != null && stored.isValidatable() && !request.isNoStore() && request.range() == null;
        if (stored == null || !validates) {
            return;
        }
        conditions = new String[] {joined("If-None-Match"), joined("If-Modified-Since")};
        set("If-None-Match", stored.etag());
        set("If-Modified-Since", stored.lastModified());
    }

    /** The request for PHP is encoded: the client's conditions are back. */
    public void afterEncoding() {
        if (conditions != null) {
            set("If-None-Match", conditions[0]);
            set("If-Modified-Since", conditions[1]);
            conditions = null;
        }
    }

    private @Nullable String joined(String name) {
        List<String> values = headers.getAll(name);
        return values.isEmpty() ? null : String.join(", ", values);
    }

    private void set(String name, @Nullable String value) {
        if (value == null) {
            headers.remove(name);
        } else {
            headers.set(name, value);
        }
    }

    /**
     * PHP's head has come.
     *
     * @param fields without those of the connection
     * @param mediaType as in the head
     * @param length of the body; -1 when it is not announced
     */
    public Head head(int status, String reason, List<String> fields, @Nullable String mediaType, long length) {
        announced = length;
        long now = cache.nowMillis();
        AnswerControl control = AnswerControl.of(fields, cache.targets());
        cache.purgeBy(function, fields);
        Stored stored = known;
        if (stored != null && validates && status == 304 && Freshening.selects(stored, fields)) {
            return validated(stored, control, fields, now);
        }
        if (stored != null && isFailure(status) && UseRules.mayReplaceError(stored, request, now)) {
            region.counts().notStored(NotStored.ERROR);
            return replaced(stored, status, CacheCounts.Stale.IF_ERROR, "stale-if-error", now);
        }
        List<String> visible = visible(fields);
        if (key == null || request.head()) {
            headOnly(control, status, visible, length, now);
            return pass(visible, false, 0, detail);
        }
        Freshness freshness = Freshness.of(
                control.control(),
                control.targeted(),
                fields,
                StoreRules.declared(status, settings),
                cache.heuristic() && StoreRules.mayBeGuessed(status, control),
                askedMillis,
                now);
        NotStored refusal =
                StoreRules.refusal(request, status, fields, control, settings, cache.heuristic(), freshness);
        if (refusal == null && length > cache.maxObject()) {
            refusal = NotStored.TOO_LARGE;
        }
        if (refusal != null) {
            isNotStored(refusal);
            return pass(visible, false, 0, refusal.word());
        }
        recording = new Recording(entry(control, status, reason, fields, visible, mediaType, freshness, now), cache.maxObject());
        return pass(visible, true, freshness.left(now), null);
    }

    private Stored entry(
            AnswerControl control,
            int status,
            String reason,
            List<String> fields,
            List<String> visible,
            @Nullable String mediaType,
            Freshness freshness,
            long now) {
        List<String> vary = Objects.requireNonNull(Selection.names(fields));
        List<String> tags = new ArrayList<>();
        for (String tag : Tags.of(fields)) {
            tags.add(ResultCache.tagOf(region.function(), tag));
        }
        return new Stored(
                Objects.requireNonNull(key).exact(),
                vary,
                Selection.of(vary, headers),
                status,
                reason,
                Stored.kept(visible, control.control(), now),
                mediaType,
                Content.EMPTY,
                freshness,
                Stored.Rules.of(control, settings),
                List.copyOf(tags),
                Math.max(0, now - askedMillis) * 1_000_000,
                moment,
                origin);
    }

    private static boolean isFailure(int status) {
        return status == 500 || status == 502 || status == 503 || status == 504;
    }

    /** A 304 has come: the stored answer is brought up to date and given (RFC 9111 section 4.3.4). */
    private Head validated(Stored stored, AnswerControl control, List<String> fields, long now) {
        List<String> visible = visible(fields);
        List<String> updated = Freshening.updated(stored.fields(), Stored.kept(visible, control.control(), now));
        AnswerControl all = AnswerControl.of(
                control.targeted() ? fields : updated, control.targeted() ? cache.targets() : List.of());
        Freshness freshness = Freshness.of(
                all.control(),
                all.targeted(),
                withAge(updated, fields),
                StoreRules.declared(stored.status(), settings),
                cache.heuristic() && StoreRules.mayBeGuessed(stored.status(), all),
                askedMillis,
                now);
        Stored fresh = stored.with(List.copyOf(updated), freshness, Stored.Rules.of(all, settings), moment);
        boolean kept = !all.has(CacheControl.Flag.NO_STORE) && !all.has(CacheControl.Flag.PRIVATE) && isCurrent(fresh);
        String primary = Objects.requireNonNull(key).primary();
        if (kept) {
            region.put(primary, fresh);
        } else {
            region.replace(primary, stored, null);
        }
        count(Outcome.REVALIDATED);
        region.counts().saved(stored.runNanos(), 0);
        Flight own = flight;
        if (own != null) {
            if (kept) {
                own.stands(fresh);
            }
            cache.flightsUnderWay().land(own);
        }
        return new Head.Give(
                fresh, CacheStatus.forwarded(why, 304, kept, freshness.left(now), false, null));
    }

    /** An Age of the 304 counts, and one of the stored answer does not. */
    private static List<String> withAge(List<String> updated, List<String> fields) {
        String age = Fields.first(fields, "Age");
        if (age == null) {
            return updated;
        }
        List<String> all = new ArrayList<>(updated);
        all.add("Age");
        all.add(age);
        return all;
    }

    private Head replaced(Stored stored, int status, CacheCounts.Stale reason, String word, long now) {
        String value = status == 0
                ? CacheStatus.hit(stored.ttl(now), word)
                : CacheStatus.forwarded(why, status, false, 0, false, word);
        count(Outcome.STALE);
        region.counts().stale(reason);
        region.counts().saved(0, stored.ageSeconds(now));
        Flight own = flight;
        if (own != null) {
            own.stands(stored);
            cache.flightsUnderWay().land(own);
        }
        return new Head.Give(stored, value);
    }

    /** The answer to a HEAD request brings the stored one up to date, or shows that it is outdated (RFC 9111 section 4.3.5). */
    private void headOnly(AnswerControl control, int status, List<String> visible, long length, long now) {
        Region.Found found = key == null || status != 200 ? null : region.find(key, headers);
        if (key != null && found instanceof Region.Found.Answer answer) {
            Stored stored = answer.stored();
            if (control.has(CacheControl.Flag.NO_STORE) || control.has(CacheControl.Flag.PRIVATE)) {
                return;
            }
            if (!Freshening.selectsByHead(stored, status, visible, length)) {
                region.replace(key.primary(), stored, stored.ended(now));
                return;
            }
            List<String> updated = Freshening.updated(stored.fields(), Stored.kept(visible, control.control(), now));
            AnswerControl all = AnswerControl.of(updated, List.of());
            Freshness freshness = Freshness.of(
                    all.control(), false, updated, StoreRules.declared(status, settings), false, askedMillis, now);
            Stored fresh = stored.with(List.copyOf(updated), freshness, Stored.Rules.of(all, settings), moment);
            if (isCurrent(fresh)) {
                region.replace(key.primary(), stored, fresh);
            }
        }
    }

    /** The fields that the client gets. */
    static List<String> visible(List<String> fields) {
        List<String> visible = null;
        for (int i = 0; i < fields.size(); i += 2) {
            boolean internal = Tags.isInternal(fields.get(i));
            if (internal && visible == null) {
                visible = new ArrayList<>(fields.subList(0, i));
            } else if (!internal && visible != null) {
                visible.add(fields.get(i));
                visible.add(fields.get(i + 1));
            }
        }
        return visible == null ? fields : visible;
    }

    private Head pass(List<String> fields, boolean stored, long ttl, @Nullable String reason) {
        count(why == Forward.BYPASS ? Outcome.BYPASS : Outcome.MISS);
        if (!cache.tells()) {
            return new Head.Pass(fields);
        }
        List<String> told = new ArrayList<>(fields.size() + 2);
        told.addAll(fields);
        told.add(CacheStatus.FIELD);
        told.add(CacheStatus.forwarded(why, 0, stored, ttl, false, detail == null ? reason : detail));
        return new Head.Pass(told);
    }

    private void isNotStored(NotStored reason) {
        region.counts().notStored(reason);
        Flight own = flight;
        if (own != null) {
            if (reason.isOfThisAnswer()) {
                cache.flightsUnderWay().land(own);
            } else {
                cache.flightsUnderWay().isUnshared(own);
            }
        }
    }

    /** Whether bytes of the body are wanted. */
    public boolean isRecording() {
        return recording != null;
    }

    /** How many of these bytes belong to the body: no more than were announced. */
    public int wanted(int length) {
        int wanted = announced < 0 ? length : (int) Math.min(length, announced - taken);
        taken += wanted;
        return wanted;
    }

    /** A piece of the body has come, which belongs to the cache from now on. */
    public void body(byte[] piece) {
        Recording running = recording;
        if (running != null && !running.add(piece) && (!running.isFollowed() && !isWaitedFor() || isFarTooLarge(running))) {
            dropRecording(NotStored.TOO_LARGE);
        }
    }

    private boolean isFarTooLarge(Recording running) {
        return running.length() > 4 * cache.maxObject();
    }

    private void dropRecording(NotStored reason) {
        Recording running = recording;
        recording = null;
        isNotStored(reason);
        if (running != null) {
            running.breakOff();
        }
    }

    /** What has come so far is given to the followers. */
    public void pieceIsComplete() {
        Recording running = recording;
        if (running != null) {
            if (flight != null) {
                flight.arrives(running);
            }
            running.tell();
        }
    }

    /** Whether other requests wait for the answer, so that it is made even if this one's client is gone. */
    public boolean isWaitedFor() {
        Recording running = recording;
        return flight != null && flight.isFollowed() || running != null && running.isFollowed();
    }

    /** The answer is complete. */
    public void whole() {
        Recording running = recording;
        if (running == null || running.isOver()) {
            landIfUnsettled();
            return;
        }
        if (announced >= 0 && running.length() != announced && running.head().status() != 204) {
            dropRecording(NotStored.INCOMPLETE);
            return;
        }
        recording = null;
        Stored head = running.head();
        Stored stored = new Stored(
                head.exact(),
                head.vary(),
                head.selecting(),
                head.status(),
                head.reason(),
                head.fields(),
                head.mediaType(),
                running.content(),
                head.freshness(),
                head.rules(),
                head.tags(),
                head.runNanos(),
                head.moment(),
                head.origin());
        keep(stored, running.length() <= cache.maxObject());
        running.end(stored);
        Flight own = flight;
        if (own != null) {
            cache.flightsUnderWay().isShared(own.key());
            own.arrives(running);
            cache.flightsUnderWay().land(own);
        }
    }

    private void keep(Stored stored, boolean fits) {
        if (!fits) {
            region.counts().notStored(NotStored.TOO_LARGE);
        } else if (!isCurrent(stored)) {
            region.counts().notStored(NotStored.OUTDATED);
        } else {
            if (!region.hasEverStored()) {
                cache.firstIsStored(region);
            }
            region.put(Objects.requireNonNull(key).primary(), stored);
            region.counts().stored();
            cache.regionsOf().settle(region);
        }
    }

    private boolean isCurrent(Stored stored) {
        return epoch == cache.epoch()
                && region.isCurrent(Objects.requireNonNull(key).primary(), stored.tags(), moment);
    }

    /** What has come was discarded, since another exchange brings another answer. */
    public void discard() {
        Recording running = recording;
        recording = null;
        if (running != null) {
            running.breakOff();
        }
    }

    /** The client is gone before PHP was asked: one of those who wait takes the place of this request. */
    public void vacate() {
        Flight own = flight;
        if (own != null && askedMillis == 0) {
            cache.flightsUnderWay().vacate(own);
        }
    }

    /** The answer has failed: those who wait go on by themselves. */
    public void broken() {
        if (recording != null) {
            dropRecording(NotStored.INCOMPLETE);
        }
        landIfUnsettled();
    }

    /** A file is sent in the place of the answer. */
    public void isFile() {
        isNotStored(NotStored.FILE);
    }

    /** The request has ended, whatever became of it. Idempotent. */
    public void end() {
        if (recording != null) {
            dropRecording(NotStored.INCOMPLETE);
        }
        landIfUnsettled();
    }

    private void landIfUnsettled() {
        Flight own = flight;
        if (own != null) {
            cache.flightsUnderWay().land(own);
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

    /** Whether an answer that arrives for another request is one for this request too. */
    public boolean accepts(Stored other) {
        ResultKey own = Objects.requireNonNull(key);
        return other.matches(own.exact(), Selection.of(other.vary(), headers))
                && !(request.cookie() && !other.rules().forCookies())
                && !(request.authorization() && !other.rules().forCredentials());
    }

    /** The value of Cache-Status for an answer that another request has asked PHP for. */
    public String collapsed(Stored stored) {
        count(Outcome.COLLAPSED);
        long now = cache.nowMillis();
        region.counts().saved(stored.runNanos(), stored.ageSeconds(now));
        return CacheStatus.forwarded(why, 0, true, stored.ttl(now), true, null);
    }

    private void count(Outcome outcome) {
        if (!counted) {
            counted = true;
            region.counts().count(outcome);
        }
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
    public void codingKept() {
        if (key != null) {
            region.reweigh(key.primary());
            cache.regionsOf().settle(region);
        }
    }

    public boolean tells() {
        return cache.tells();
    }
}
