package dev.relais.migration;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A location of nginx, with what it has from the locations around it.
 *
 * @param text its path, or its regular expression
 * @param rank lower ones are asked before
 * @param depth how many locations it is in
 * @param prefix with which all of its paths begin, as far as that is known
 * @param own what stands in it, and what it inherits
 * @param said what stands in it
 */
record NginxLocation(
        Kind kind,
        String text,
        boolean ignoresCase,
        int rank,
        int depth,
        String prefix,
        List<Directive> own,
        List<Directive> said,
        Origin origin) {
    private static final int MOST_COMPARED = 4_096;

    enum Kind {
        EXACT,
        STRONG_PREFIX,
        REGEX,
        PREFIX
    }

    NginxLocation {
        own = List.copyOf(own);
        said = List.copyOf(said);
    }

    /** Some of the paths of another one, by the texts that an expression finds. */
    static NginxLocation ofRegex(String regex, boolean ignoresCase, Origin origin) {
        return new NginxLocation(Kind.REGEX, regex, ignoresCase, 9, 0, "", List.of(), List.of(), origin);
    }

    boolean isRegex() {
        return kind == Kind.REGEX;
    }

    boolean isRoot() {
        return !isRegex() && kind != Kind.EXACT && text.equals("/");
    }

    boolean has(String name) {
        return own.stream().anyMatch(one -> one.is(name));
    }

    @Nullable
    Directive first(String name) {
        return own.stream().filter(one -> one.is(name)).findFirst().orElse(null);
    }

    /** A regular expression that finds its paths. */
    String regex() {
        return switch (kind) {
            case EXACT -> "^" + Re2.quote(text) + "$";
            case PREFIX, STRONG_PREFIX -> "^" + Re2.quote(text);
            case REGEX -> (ignoresCase ? "(?i)" : "") + text;
        };
    }

    /** Null when patterns cannot say it. */
    @Nullable
    PathGlobs globs() {
        return switch (kind) {
            case EXACT -> PathGlobs.ofPath(text);
            case PREFIX, STRONG_PREFIX -> PathGlobs.ofPrefix(text);
            case REGEX -> PathGlobs.ofRegex(text);
        };
    }

    boolean mayCover(String path) {
        return Re2.mayFind(regex(), path);
    }

    /** Whether both may be about the same path; true where nobody can say. */
    boolean mayMeet(NginxLocation other) {
        if (kind == Kind.EXACT || other.kind == Kind.EXACT) {
            return kind == Kind.EXACT ? other.mayCover(text) : mayCover(other.text);
        }
        if (!isRegex() && !other.isRegex()) {
            return text.startsWith(other.text) || other.text.startsWith(text);
        }
        List<String> mine = texts();
        List<String> others = other.texts();
        return mine == null
                || others == null
                || mine.size() * others.size() > MOST_COMPARED
                || mine.stream().anyMatch(one -> others.stream().anyMatch(two -> mayMeet(one, two)));
    }

    /** What it finds; null where nobody can say. */
    @Nullable
    List<String> texts() {
        RegexParts.Parts parts = isRegex() ? RegexParts.of(text) : null;
        return isRegex() ? parts == null ? null : parts.texts() : List.of(RegexParts.BEGIN + text);
    }

    /** Two texts cannot meet when they begin differently, or end differently. */
    private static boolean mayMeet(String one, String other) {
        return (!isBegun(one) || !isBegun(other) || oneBegins(begin(one), begin(other)))
                && (!isEnded(one) || !isEnded(other) || oneEnds(end(one), end(other)));
    }

    private static boolean isBegun(String text) {
        return text.indexOf(RegexParts.BEGIN) == 0;
    }

    private static boolean isEnded(String text) {
        return text.indexOf(RegexParts.END) == text.length() - 1 && !text.isEmpty();
    }

    private static String begin(String text) {
        int end = 1;
        while (end < text.length() && text.charAt(end) < RegexParts.ANY) {
            end++;
        }
        return text.substring(1, end);
    }

    private static String end(String text) {
        int begin = text.length() - 1;
        while (begin > 0 && text.charAt(begin - 1) < RegexParts.ANY) {
            begin--;
        }
        return text.substring(begin, text.length() - 1);
    }

    private static boolean oneBegins(String one, String other) {
        return one.startsWith(other) || other.startsWith(one);
    }

    private static boolean oneEnds(String one, String other) {
        return one.endsWith(other) || other.endsWith(one);
    }

    @Override
    public String toString() {
        return origin.text() + " (" + origin.place() + ")";
    }
}
