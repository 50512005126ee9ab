package dev.relais.cache;

import dev.relais.cache.CacheCounts.Outcome;
import dev.relais.cache.CacheStatus.Forward;
import dev.relais.cache.Question.Head;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The head of PHP's answer to a question: decides what the client gets, and whether the answer is kept. */
final class PhpHead {
    private final Question of;
    private final CacheCore cache;
    private final Region region;
    private final Asking asking;
    private final int status;
    private final String reason;
    private final List<String> fields;
    private final List<String> visible; // those that clients get
    private final @Nullable String mediaType;
    private final long length;
    private final long now;

    /** @param length of the body; -1 when it is not announced */
    PhpHead(
            Question question,
            int status,
            String reason,
            List<String> fields,
            @Nullable String mediaType,
            long length) {
        this.of = question;
        this.cache = question.cache;
        this.region = question.region;
        this.asking = question.asking;
        this.status = status;
        this.reason = reason;
        this.fields = fields;
        this.visible = visible(fields);
        this.mediaType = mediaType;
        this.length = length;
        this.now = cache.nowMillis();
    }

    Head take() {
        cache.purgeBy(of.function, fields);
        Stored stored = of.known;
        if (stored != null && of.validates && status == 304) {
            return validated(stored);
        }
        if (stored != null && isFailure() && UseRules.mayReplaceError(stored, of.request, now)) {
            region.counts().notStored(NotStored.ERROR);
            return of.replaced(stored, status, CacheCounts.Stale.IF_ERROR, "stale-if-error", now);
        }
        if (of.key.isNone() || of.request.head()) {
            headOnly();
            return pass(false, 0, null);
        }
        return keep(AnswerControl.of(fields, cache.targets()));
    }

    private boolean isFailure() {
        return status == 500 || status == 502 || status == 503 || status == 504;
    }

    private Head keep(AnswerControl control) {
        Freshness freshness = Freshness.of(
                control.control(),
                control.targeted(),
                fields,
                StoreRules.declared(status, of.settings),
                cache.heuristic() && StoreRules.mayBeGuessed(status, control),
                asking.millis(),
                now);
        NotStored refusal =
                StoreRules.refusal(of.request, status, fields, control, of.settings, cache.heuristic(), freshness);
        if (refusal == null && length > cache.maxObject()) {
            refusal = NotStored.TOO_LARGE;
        }
        if (refusal != null) {
            asking.isNotStored(refusal, refusal.isLasting() && status < 500); // PHP may recover
            return pass(false, 0, refusal.word());
        }
        ResultKey own = of.key.get();
        of.intake.begin(own.primary(), entry(own, control, freshness), length);
        return pass(true, freshness.left(now), null);
    }

    /** The answer as it is stored, without its content. */
    private Stored entry(ResultKey own, AnswerControl control, Freshness freshness) {
        List<String> vary = Objects.requireNonNull(Selection.names(fields)); // a star is refused
        List<String> tags = new ArrayList<>();
        for (String tag : Tags.of(fields)) {
            tags.add(Tags.own(region.function(), tag));
        }
        return new Stored(
                own.exact(),
                vary,
                Selection.of(vary, of.headers),
                status,
                reason,
                Stored.kept(visible, control.control(), now),
                mediaType,
                Content.empty(),
                freshness,
                Stored.Rules.of(control, of.settings),
                List.copyOf(tags),
                Math.max(0, now - asking.millis()) * 1_000_000,
                asking.moment(),
                of.origin,
                asking.mark());
    }

    /**
     * A 304 has come: the stored answer is brought up to date and given (RFC 9111 section 4.3.4). If it is about another one, PHP
     * contradicts itself: the stored one is given, but not kept.
     */
    private Head validated(Stored stored) {
        Update update = Update.of(stored, fields, visible, cache, of.settings, asking, now);
        boolean selected = Freshening.selects(stored, fields);
        Stored fresh = selected ? update.stored() : stored;
        String primary = of.key.get().primary();
        boolean kept = selected && update.mayBeKept() && asking.isCurrent(primary, fresh);
        if (kept) {
            region.put(primary, fresh);
            cache.shared().store(region.function(), primary, fresh);
            asking.stands(fresh);
        } else {
            region.replace(primary, stored, null);
            asking.land();
        }
        of.count(Outcome.REVALIDATED);
        region.counts().saved(stored.runNanos(), 0);
        return new Head.Give(fresh, CacheStatus.forwarded(of.why, 304, kept, fresh.ttl(now), false, null));
    }

    /** The answer to a HEAD request brings the stored one up to date, or shows that it is outdated (section 4.3.5). */
    private void headOnly() {
        Region.Found found = of.key.isNone() || status != 200 ? null : region.find(of.key.get(), of.headers);
        if (!(found instanceof Region.Found.Answer answer)) {
            return;
        }
        Stored stored = answer.stored();
        Update update = Update.of(stored, fields, visible, cache, of.settings, asking, now);
        if (!Freshening.selectsByHead(stored, status, visible, length)) {
            region.replace(of.key.get().primary(), stored, stored.ended(now));
        } else if (update.mayBeKept() && asking.isCurrent(of.key.get().primary(), update.stored())) {
            region.replace(of.key.get().primary(), stored, update.stored());
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

    private Head pass(boolean stored, long ttl, @Nullable String why) {
        of.count(of.why == Forward.BYPASS ? Outcome.BYPASS : Outcome.MISS);
        if (!cache.tells()) {
            return new Head.Pass(visible);
        }
        List<String> told = new ArrayList<>(visible.size() + 2);
        told.addAll(visible);
        told.add(CacheStatus.FIELD);
        told.add(CacheStatus.forwarded(of.why, 0, stored, ttl, false, of.detail == null ? why : of.detail));
        return new Head.Pass(told);
    }
}
