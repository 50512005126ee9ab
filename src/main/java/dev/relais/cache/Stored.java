package dev.relais.cache;

import dev.relais.cache.CacheControl.Flag;
import dev.relais.cache.CacheControl.Seconds;
import dev.relais.functions.CacheSettings;
import dev.relais.functions.PhpFunction;
import dev.relais.http.HttpDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One stored answer. Immutable, but for the codings of its content.
 *
 * @param exact the exact part of the key of the request that it answers
 * @param vary the names of the fields that select it
 * @param selecting what these fields said
 * @param status of the answer
 * @param reason the reason phrase
 * @param fields name, value, name, value, as they are given to clients, with a Date and without an Age
 * @param mediaType of the content; null when it is not known
 * @param content the body
 * @param freshness when it is stale
 * @param rules what the answer says about its use
 * @param tags by which it can be purged
 * @param runNanos how long PHP took for it
 * @param moment when PHP was asked, on the clock of {@link Purges}
 * @param origin the script that gave it; null when it is not known
 * @param mark what it has to do with the shared level; null for nothing
 */
public record Stored(
        String exact,
        List<String> vary,
        String selecting,
        int status,
        String reason,
        List<String> fields,
        @Nullable String mediaType,
        Content content,
        Freshness freshness,
        Rules rules,
        List<String> tags,
        long runNanos,
        long moment,
        @Nullable Origin origin,
        @Nullable SharedMark mark) {
    /** The script that gives an answer, and what follows it in the path. */
    public record Origin(PhpFunction function, String pathInfo) {}

    /** The memory of an answer besides its fields and its body, and of each string. */
    private static final int OBJECT_BYTES = 400;

    private static final int STRING_BYTES = 48;

    /** Fields that concern only this cache or the hop to it (RFC 9111 section 3.1), or that it makes anew. */
    private static final Set<String> NOT_KEPT = Set.of("age", "proxy-authentication-info");

    /**
     * What an answer says about its own use.
     *
     * @param validates whether PHP has to be asked each time
     * @param neverStale whether it may not be given when it is stale
     * @param whileRevalidate seconds for which it may be given stale while it is revalidated
     * @param ifError seconds for which it may be given stale when PHP fails
     * @param forCookies whether a request with cookies may get it
     * @param forCredentials whether a request with credentials may get it
     */
    record Rules(
            boolean validates,
            boolean neverStale,
            long whileRevalidate,
            long ifError,
            boolean forCookies,
            boolean forCredentials) {
        static Rules of(AnswerControl control, CacheSettings settings) {
            boolean neverStale = control.forbidsStale();
            boolean forOthers = control.isForOthers();
            return new Rules(
                    control.has(Flag.NO_CACHE),
                    neverStale,
                    neverStale ? 0 : seconds(control, Seconds.STALE_WHILE_REVALIDATE, settings.staleWhileRevalidate()),
                    neverStale ? 0 : seconds(control, Seconds.STALE_IF_ERROR, settings.staleIfError()),
                    forOthers || settings.cookies() != null,
                    forOthers || control.has(Flag.MUST_REVALIDATE));
        }

        /** What the answer says; if it says nothing, what is declared. */
        private static long seconds(AnswerControl control, Seconds directive, long declaredMillis) {
            long said = control.seconds(directive);
            return said != CacheControl.NONE ? Math.max(0, said) : Math.max(0, declaredMillis / 1000);
        }
    }

    /** The answer's fields as they are kept: without those that it excepts, and with a Date (RFC 9110 section 6.6.1). */
    static List<String> kept(List<String> fields, CacheControl control, long cameMillis) {
        List<String> kept = new ArrayList<>(fields.size() + 2);
        boolean dated = false;
        for (int i = 0; i < fields.size(); i += 2) {
            String name = fields.get(i);
            String lower = name.toLowerCase(Locale.ROOT);
            if (!NOT_KEPT.contains(lower)
                    && !control.noCacheFields().contains(lower)
                    && !control.privateFields().contains(lower)) {
                kept.add(name);
                kept.add(fields.get(i + 1));
                dated |= lower.equals("date");
            }
        }
        if (!dated) {
            kept.add("Date");
            kept.add(HttpDate.of(Math.floorDiv(cameMillis, 1000L)));
        }
        return List.copyOf(kept);
    }

    public @Nullable String etag() {
        return Fields.first(fields, "ETag");
    }

    public @Nullable String lastModified() {
        return Fields.first(fields, "Last-Modified");
    }

    public boolean isValidatable() {
        return etag() != null || lastModified() != null;
    }

    /** Whether this answer is for requests with this exact part and these fields. */
    boolean matches(String wanted, String selected) {
        return exact.equals(wanted) && selecting.equals(selected);
    }

    public long ageSeconds(long nowMillis) {
        return freshness.age(nowMillis);
    }

    /** The seconds for which it is fresh; negative when it is stale. */
    public long ttl(long nowMillis) {
        return freshness.left(nowMillis);
    }

    /** The memory that it takes, in bytes, heads included. */
    long weight() {
        long weight = OBJECT_BYTES + STRING_BYTES + exact.length() + selecting.length() + content.weight();
        for (int i = 0; i < fields.size(); i++) {
            weight += STRING_BYTES + fields.get(i).length();
        }
        for (int i = 0; i < tags.size(); i++) {
            weight += STRING_BYTES + tags.get(i).length();
        }
        return weight;
    }

    /** The same answer, stale from now on. */
    Stored ended(long nowMillis) {
        return with(
                fields,
                new Freshness(freshness.age(nowMillis), freshness.initialAge(), freshness.came()),
                rules,
                moment,
                mark);
    }

    Stored withContent(Content body) {
        return new Stored(
                exact, vary, selecting, status, reason, fields, mediaType, body, freshness, rules, tags, runNanos,
                moment, origin, mark);
    }

    Stored with(
            List<String> newFields,
            Freshness newFreshness,
            Rules newRules,
            long newMoment,
            @Nullable SharedMark newMark) {
        return new Stored(
                exact,
                vary,
                selecting,
                status,
                reason,
                newFields,
                Fields.first(newFields, "Content-Type") == null ? mediaType : Fields.first(newFields, "Content-Type"),
                content,
                newFreshness,
                newRules,
                tags,
                runNanos,
                newMoment,
                origin,
                newMark);
    }
}
