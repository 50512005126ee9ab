package dev.relais.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Takes a regular expression apart into all texts that it finds, in which signs stand for what may be any text: so much as globs can say. Look-aheads
 * that forbid something count as nothing, so that the texts may be more than what it finds, and {@link #isExact} tells so. Not thread-safe.
 */
final class RegexParts {
    static final char ANY = '\uE000'; // .*
    static final char SEGMENT = '\uE001'; // [^/]*
    static final char ONE = '\uE002'; // .
    static final char END = '\uE003'; // $
    static final char BEGIN = '\uE004'; // ^

    private static final int MOST = 256;
    private static final int DEEPEST = 16;
    private static final int LONGEST_REGEX = 2_000;
    private static final int LONGEST_TEXT = 400;

    private final String regex;
    private int at;
    private int depth;
    private boolean isExact = true;

    private RegexParts(String regex) {
        this.regex = regex;
    }

    /**
     * @param texts what it finds
     * @param isExact whether it finds nothing else
     */
    record Parts(List<String> texts, boolean isExact) {}

    /** Null when it has anything that globs cannot say. */
    static @Nullable Parts of(String regex) {
        if (regex.length() > LONGEST_REGEX || regex.chars().anyMatch(c -> c >= 0xE000 && c < 0xE010)) {
            return null;
        }
        RegexParts parts = new RegexParts(regex.startsWith("(?i)") ? regex.substring(4) : regex);
        List<String> texts = parts.choices();
        return texts == null || parts.at < parts.regex.length() ? null : new Parts(texts, parts.isExact);
    }

    private @Nullable List<String> choices() {
        if (++depth > DEEPEST) {
            return null;
        }
        List<String> all = new ArrayList<>();
        while (true) {
            List<String> one = sequence();
            if (one == null) {
                return null;
            }
            one.stream().filter(text -> !all.contains(text)).forEach(all::add);
            if (all.size() > MOST) {
                return null;
            }
            if (at == regex.length() || regex.charAt(at) != '|') {
                depth--;
                return all;
            }
            at++;
        }
    }

    private @Nullable List<String> sequence() {
        List<String> texts = List.of("");
        while (at < regex.length() && regex.charAt(at) != '|' && regex.charAt(at) != ')') {
            List<String> next = repeated();
            if (next == null || texts.size() * next.size() > MOST) {
                return null;
            }
            List<String> joined = new ArrayList<>();
            for (String text : texts) {
                for (String end : next) {
                    if (text.length() + end.length() > LONGEST_TEXT) {
                        return null;
                    }
                    joined.add(text + end);
                }
            }
            texts = joined;
        }
        return texts;
    }

    /** One thing, and how often. */
    private @Nullable List<String> repeated() {
        List<String> once = atom();
        if (once == null || at == regex.length()) {
            return once;
        }
        char sign = regex.charAt(at);
        if (sign == '{') {
            int end = regex.indexOf('}', at);
            if (end < 0) {
                return null;
            }
            at = end + 1;
            isExact = false;
            return many(once);
        }
        if (sign != '*' && sign != '+' && sign != '?') {
            return once;
        }
        at++;
        if (at < regex.length() && (regex.charAt(at) == '?' || regex.charAt(at) == '+')) {
            at++; // how it looks for them does not count
        }
        if (sign == '?') {
            List<String> both = new ArrayList<>(List.of(""));
            both.addAll(once);
            return both;
        }
        return many(once);
    }

    private List<String> many(List<String> once) {
        if (once.equals(List.of(String.valueOf(ONE)))) {
            return List.of(String.valueOf(ANY));
        }
        if (once.equals(List.of(String.valueOf(SEGMENT)))) {
            return once;
        }
        isExact = false;
        boolean hasSlash = once.stream()
                .anyMatch(text -> text.indexOf('/') >= 0 || text.indexOf(ANY) >= 0 || text.indexOf(ONE) >= 0);
        return List.of(String.valueOf(hasSlash ? ANY : SEGMENT));
    }

    private @Nullable List<String> atom() {
        char c = regex.charAt(at++);
        return switch (c) {
            case '^' -> List.of(String.valueOf(BEGIN));
            case '$' -> List.of(String.valueOf(END));
            case '.' -> List.of(String.valueOf(ONE));
            case '[' -> set();
            case '(' -> group();
            case '\\' -> escaped();
            case '*', '+', '?', '{' -> null;
            default -> List.of(String.valueOf(c));
        };
    }

    private @Nullable List<String> escaped() {
        if (at == regex.length()) {
            return null;
        }
        char c = regex.charAt(at++);
        if ("dwsh".indexOf(c) >= 0) {
            isExact = false;
            return List.of(String.valueOf(SEGMENT));
        }
        return Character.isLetterOrDigit(c) ? null : List.of(String.valueOf(c));
    }

    private @Nullable List<String> group() {
        if (regex.startsWith("?!", at) || regex.startsWith("?<!", at)) {
            return forbidden();
        }
        if (regex.startsWith("?:", at) || regex.startsWith("?i:", at)) {
            at += regex.startsWith("?:", at) ? 2 : 3;
        } else if (regex.startsWith("?<", at) || regex.startsWith("?P<", at)) {
            int end = regex.indexOf('>', at);
            if (end < 0 || !regex.substring(at, end).matches("\\?P?<[A-Za-z][A-Za-z0-9_]*")) {
                return null;
            }
            at = end + 1;
        } else if (regex.startsWith("?", at)) {
            return null;
        }
        List<String> inner = choices();
        if (inner == null || at == regex.length() || regex.charAt(at) != ')') {
            return null;
        }
        at++;
        return inner;
    }

    private @Nullable List<String> forbidden() {
        int open = 1;
        for (; at < regex.length() && open > 0; at++) {
            char c = regex.charAt(at);
            if (c == '\\') {
                at++;
            }
            open += c == '(' ? 1 : c == ')' ? -1 : 0;
        }
        isExact = false;
        return open == 0 ? List.of("") : null;
    }

    /** The letters of a set when they are few; else any text of a name. */
    private @Nullable List<String> set() {
        boolean negated = at < regex.length() && regex.charAt(at) == '^';
        at += negated ? 1 : 0;
        Set<Character> letters = new TreeSet<>();
        boolean isWide = false;
        for (boolean first = true; ; first = false) {
            if (at >= regex.length()) {
                return null;
            }
            char c = regex.charAt(at++);
            if (c == ']' && !first) {
                break;
            }
            if (c == '[' && regex.startsWith(":", at)) {
                return null;
            }
            if (c == '\\') {
                if (at == regex.length()) {
                    return null;
                }
                c = regex.charAt(at++);
                isWide |= Character.isLetterOrDigit(c);
            }
            if (at + 1 < regex.length() && regex.charAt(at) == '-' && regex.charAt(at + 1) != ']') {
                char last = regex.charAt(at + 1);
                at += 2;
                isWide |= last - c > 8 || last < c;
                for (int each = c; each <= last && !isWide; each++) {
                    letters.add((char) each);
                }
            } else {
                letters.add(c);
            }
        }
        if (negated) {
            isExact &= !isWide && letters.equals(Set.of('/'));
            return List.of(String.valueOf(!isWide && letters.contains('/') ? SEGMENT : ANY));
        }
        if (isWide || letters.size() > 10) {
            isExact = false;
            return List.of(String.valueOf(letters.contains('/') ? ANY : SEGMENT));
        }
        return letters.stream().map(String::valueOf).toList();
    }
}
