package dev.relais.cache;

import dev.relais.Digits;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The directives of a Cache-Control field, of a request or of an answer (RFC 9111 section 5.2). Names compare without case; of a
 * directive that is there twice the first counts (section 4.2.1), and one without a valid number has the value {@link #INVALID}, by
 * which an answer counts as stale. Unknown directives are ignored (section 5.2.3). Immutable.
 */
final class CacheControl {
    /** The value of a directive that is not there. */
    public static final long NONE = -1;

    /** The value of a directive whose number is missing or malformed. */
    public static final long INVALID = -2;

    /** The value of {@code max-stale} without a number: any staleness. */
    public static final long ANY = Long.MAX_VALUE;

    /** RFC 9111 section 1.2.2: a larger number of seconds counts as this one. */
    public static final long MOST_SECONDS = 1L << 31;

    /** Of a head without any directive. */
    public static final CacheControl EMPTY = new Builder().build();

    /** The directives that are there or not. */
    public enum Flag {
        NO_STORE,
        NO_CACHE,
        PRIVATE,
        PUBLIC,
        MUST_REVALIDATE,
        PROXY_REVALIDATE,
        MUST_UNDERSTAND,
        NO_TRANSFORM,
        ONLY_IF_CACHED,
        /** The field ends within a quoted string, so that what it hides is unknown. */
        BROKEN;

        private int bit() {
            return 1 << ordinal();
        }
    }

    /** The directives that have a number of seconds. */
    public enum Seconds {
        MAX_AGE,
        S_MAXAGE,
        MAX_STALE,
        MIN_FRESH,
        STALE_WHILE_REVALIDATE,
        STALE_IF_ERROR
    }

    private final int flags;
    private final long[] seconds;
    private final Set<String> noCacheFields;
    private final Set<String> privateFields;

    private CacheControl(Builder from) {
        flags = from.flags;
        seconds = from.seconds;
        noCacheFields = from.noCacheFields == null ? Set.of() : Collections.unmodifiableSet(from.noCacheFields);
        privateFields = from.privateFields == null ? Set.of() : Collections.unmodifiableSet(from.privateFields);
    }

    public boolean has(Flag flag) {
        return (flags & flag.bit()) != 0;
    }

    /** Seconds, or {@link #NONE}, {@link #INVALID} or {@link #ANY}. */
    public long get(Seconds directive) {
        return seconds[directive.ordinal()];
    }

    public boolean has(Seconds directive) {
        return get(directive) != NONE;
    }

    /** The fields of {@code no-cache="..."}, in small letters; empty without such a directive. */
    public Set<String> noCacheFields() {
        return noCacheFields;
    }

    /** The fields of {@code private="..."}, in small letters. */
    public Set<String> privateFields() {
        return privateFields;
    }

    /** Whether it stands alone for no directive that a cache knows. */
    public boolean isEmpty() {
        if (flags != 0 || !noCacheFields.isEmpty() || !privateFields.isEmpty()) {
            return false;
        }
        for (long value : seconds) {
            if (value != NONE) {
                return false;
            }
        }
        return true;
    }

    /**
     * Parses the field of this name out of a head.
     *
     * @param fields name, value, name, value
     */
    public static CacheControl of(List<String> fields, String name) {
        Builder builder = null;
        for (int i = 0; i < fields.size(); i += 2) {
            String field = fields.get(i);
            if (field.length() == name.length() && field.equalsIgnoreCase(name)) {
                builder = builder == null ? new Builder() : builder;
                parse(fields.get(i + 1), builder);
            }
        }
        return builder == null ? EMPTY : builder.build();
    }

    /** Parses the values of the field's lines. */
    public static CacheControl of(List<String> values) {
        if (values.isEmpty()) {
            return EMPTY;
        }
        Builder builder = new Builder();
        for (int i = 0; i < values.size(); i++) {
            parse(values.get(i), builder);
        }
        return builder.build();
    }

    /** {@code #( token [ "=" ( token / quoted-string ) ] )}: a comma within a quoted string ends no directive. */
    private static void parse(String list, Builder into) {
        int length = list.length();
        int from = 0;
        while (from < length) {
            int end = from;
            int equals = -1;
            boolean quoted = false;
            for (; end < length; end++) {
                char c = list.charAt(end);
                if (quoted) {
                    if (c == '\\') {
                        end++;
                    } else if (c == '"') {
                        quoted = false;
                    }
                } else if (c == '"') {
                    quoted = true;
                } else if (c == ',') {
                    break;
                } else if (c == '=' && equals < 0) {
                    equals = end;
                }
            }
            if (quoted) {
                into.flag(Flag.BROKEN);
            }
            end = Math.min(end, length);
            directive(list, from, equals, end, into);
            from = end + 1;
        }
    }

    private static void directive(String list, int from, int equals, int end, Builder into) {
        String name = list.substring(from, equals < 0 ? end : equals).strip().toLowerCase(Locale.ROOT);
        if (name.isEmpty()) {
            return;
        }
        // Blanks around the sign are no part of the grammar: the value then has a blank, and is no number.
        boolean blankBefore = equals > from && list.charAt(equals - 1) <= ' ';
        String value = equals < 0 ? null : (blankBefore ? " " : "") + stripEnd(list.substring(equals + 1, end));
        into.directive(name, value == null ? null : unquoted(value));
    }

    private static String stripEnd(String value) {
        return value.stripTrailing();
    }

    static String unquoted(String value) {
        int length = value.length();
        if (length < 2 || value.charAt(0) != '"' || value.charAt(length - 1) != '"') {
            return value;
        }
        if (value.indexOf('\\') < 0) {
            return value.substring(1, length - 1);
        }
        StringBuilder plain = new StringBuilder(length);
        for (int i = 1; i < length - 1; i++) {
            char c = value.charAt(i);
            if (c == '\\' && i + 1 < length - 1) {
                c = value.charAt(++i);
            }
            plain.append(c);
        }
        return plain.toString();
    }

    /** Collects directives; of one that comes twice the first counts. */
    static final class Builder {
        private int flags;
        private final long[] seconds = new long[Seconds.values().length];
        private @Nullable Set<String> noCacheFields;
        private @Nullable Set<String> privateFields;

        Builder() {
            Arrays.fill(seconds, NONE);
        }

        Builder flag(Flag flag) {
            flags |= flag.bit();
            return this;
        }

        Builder seconds(Seconds directive, long value) {
            if (seconds[directive.ordinal()] == NONE) {
                seconds[directive.ordinal()] = value;
            }
            return this;
        }

        /**
         * @param name in small letters
         * @param value without its quotes; null for none
         */
        void directive(String name, @Nullable String value) {
            switch (name) {
                case "no-store" -> flag(Flag.NO_STORE);
                case "public" -> flag(Flag.PUBLIC);
                case "must-revalidate" -> flag(Flag.MUST_REVALIDATE);
                case "proxy-revalidate" -> flag(Flag.PROXY_REVALIDATE);
                case "must-understand" -> flag(Flag.MUST_UNDERSTAND);
                case "no-transform" -> flag(Flag.NO_TRANSFORM);
                case "only-if-cached" -> flag(Flag.ONLY_IF_CACHED);
                case "no-cache" -> noCacheFields = fields(value, Flag.NO_CACHE, noCacheFields);
                case "private" -> privateFields = fields(value, Flag.PRIVATE, privateFields);
                case "max-age" -> seconds(Seconds.MAX_AGE, number(value));
                case "s-maxage" -> seconds(Seconds.S_MAXAGE, number(value));
                case "min-fresh" -> seconds(Seconds.MIN_FRESH, number(value));
                case "max-stale" -> seconds(Seconds.MAX_STALE, value == null ? ANY : number(value));
                case "stale-while-revalidate" -> seconds(Seconds.STALE_WHILE_REVALIDATE, number(value));
                case "stale-if-error" -> seconds(Seconds.STALE_IF_ERROR, number(value));
                default -> {} // an extension that this cache does not know
            }
        }

        /** Without fields the directive is about the whole answer. Fields that cannot be understood count as all of them. */
        private @Nullable Set<String> fields(@Nullable String value, Flag whole, @Nullable Set<String> named) {
            Set<String> fields = named;
            boolean any = false;
            if (value != null) {
                for (String name : value.split(",", -1)) {
                    String field = name.strip().toLowerCase(Locale.ROOT);
                    if (!field.isEmpty()) {
                        fields = fields == null ? new TreeSet<>() : fields;
                        fields.add(field);
                        any = true;
                    }
                }
            }
            if (!any) {
                flag(whole);
            }
            return fields;
        }

        static long number(@Nullable String value) {
            long number = value == null ? -1 : Digits.capped(value, MOST_SECONDS - 1);
            return number < 0 ? INVALID : number;
        }

        CacheControl build() {
            return new CacheControl(this);
        }
    }
}
