package dev.relais.sites;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pattern for paths below a site's root. It covers the path that it names, and everything below that path. {@code *} stands for any
 * part of one name, {@code ?} for one character of it, <code>{a,b}</code> for one of some texts, {@code **}{@code /} for any number of
 * folders, and {@code **} elsewhere for anything, slashes included. A pattern without a slash that begins with {@code *} means names in
 * every folder; all others begin at the root. All other characters stand for themselves. Immutable.
 *
 * <p>A path is compared in a time that grows with the product of its length and that of the pattern, at the most.
 */
public final class Glob {
    private static final int MOST_ALTERNATIVES = 64;
    private static final int LONGEST = 512;

    private final String text;
    private final boolean anchored;
    private final List<String> exact = new ArrayList<>(); // each with a slash at its begin and none at its end
    private final List<String> folded = new ArrayList<>();

    private Glob(String text, List<String> alternatives) {
        this.text = text;
        this.anchored = text.charAt(0) != '*';
        for (String alternative : alternatives) {
            exact.add(alternative);
            folded.add(Folding.of(alternative));
        }
    }

    /**
     * Reads a pattern, in which {@code .} and empty segments mean nothing.
     *
     * @return null when no path could be meant, or all paths are
     */
    public static @Nullable Glob parse(String written) {
        if (written.length() > LONGEST
                || written.startsWith("/")
                || written.indexOf('\\') >= 0
                || written.chars().anyMatch(Character::isISOControl)) {
            return null;
        }
        String text = clean(written);
        List<String> alternatives = text == null ? null : expand(text);
        if (text == null || alternatives == null) {
            return null;
        }
        List<String> patterns = new ArrayList<>();
        for (String alternative : alternatives) {
            String pattern = clean(alternative);
            if (pattern == null || pattern.chars().allMatch(c -> c == '*' || c == '/')) {
                return null;
            }
            String bare = pattern.endsWith("/") ? pattern.substring(0, pattern.length() - 1) : pattern;
            boolean anywhere = bare.startsWith("*") && bare.indexOf('/') < 0 && !bare.startsWith("**");
            patterns.add((anywhere ? "/**/" : "/") + bare);
        }
        return new Glob(text, patterns);
    }

    /** The pattern of a folder, with a slash at its end, before another pattern: what the other one means below that folder. */
    public static @Nullable Glob below(String folder, String pattern) {
        boolean anywhere = pattern.startsWith("*") && pattern.indexOf('/') < 0 && !pattern.startsWith("**");
        return parse(folder + (anywhere ? "**/" : "") + pattern);
    }

    /** Without empty segments and those that are a dot; null when nothing is left, or a segment is two dots. */
    private static @Nullable String clean(String text) {
        List<String> segments = new ArrayList<>();
        for (String segment : text.split("/")) {
            if (segment.equals("..")) {
                return null;
            }
            if (!segment.isEmpty() && !segment.equals(".")) {
                segments.add(segment);
            }
        }
        return segments.isEmpty() ? null : String.join("/", segments) + (text.endsWith("/") ? "/" : "");
    }

    /** One text for each choice in braces; null when the braces do not pair, are nested, or make too many. */
    private static @Nullable List<String> expand(String text) {
        int open = text.indexOf('{');
        int close = text.indexOf('}');
        if (open < 0 && close < 0) {
            return List.of(text);
        }
        if (open < 0 || close < open || text.lastIndexOf('{', close) != open) {
            return null;
        }
        List<String> rest = expand(text.substring(close + 1));
        if (rest == null) {
            return null;
        }
        List<String> all = new ArrayList<>();
        for (String choice : text.substring(open + 1, close).split(",", -1)) {
            for (String end : rest) {
                all.add(text.substring(0, open) + choice + end);
            }
        }
        return all.size() > MOST_ALTERNATIVES ? null : all;
    }

    /** Whether it begins at the root, so that it means nothing in another folder. */
    boolean isAnchored() {
        return anchored;
    }

    /** Whether it covers a path, letter by letter. */
    boolean covers(String path) {
        return covers(exact, path);
    }

    /** Whether it covers a path that is {@linkplain Folding folded}, as the pattern then is, too. */
    boolean coversFolded(String path) {
        return covers(folded, path);
    }

    /** Whether it closes a path, whose case does not count. */
    public boolean closes(String path) {
        return coversFolded(Folding.of(path));
    }

    /** Whether it has a wildcard or a choice, so that it may mean many paths. */
    public boolean isWild() {
        return text.chars().anyMatch(c -> "*?{".indexOf(c) >= 0);
    }

    private static boolean covers(List<String> patterns, String path) {
        for (int i = 0; i < patterns.size(); i++) {
            if (covers(patterns.get(i), path)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Compares from left to right. Where the rest does not fit, the last {@code *} takes one character more, and if it cannot, the last
     * {@code **} does. Earlier ones need not be tried again: what they could take more, the last one can take, too.
     */
    private static boolean covers(String pattern, String path) {
        int at = 0;
        int in = 0;
        int star = -1; // behind the last * of the pattern; -1: none since the last **
        int starAt = 0;
        int deep = -1; // behind the last ** or **/
        int deepAt = 0;
        boolean wholeFolders = false;
        while (true) {
            if (in == pattern.length()) {
                if (at == path.length() || path.charAt(at) == '/') {
                    return true;
                }
            } else if (pattern.charAt(in) == '*') {
                if (pattern.startsWith("**", in)) {
                    wholeFolders = pattern.charAt(in - 1) == '/' && pattern.startsWith("/", in + 2);
                    in += wholeFolders ? 3 : 2;
                    deep = in;
                    deepAt = at;
                    star = -1;
                } else {
                    star = ++in;
                    starAt = at;
                }
                continue;
            } else if (at < path.length() && fits(pattern.charAt(in), path.charAt(at))) {
                in++;
                at++;
                continue;
            }
            if (star >= 0 && starAt < path.length() && path.charAt(starAt) != '/') {
                at = ++starAt;
                in = star;
            } else if (deep >= 0) {
                deepAt = 1 + (wholeFolders ? path.indexOf('/', deepAt) : deepAt < path.length() ? deepAt : -1);
                if (deepAt == 0) {
                    return false;
                }
                at = deepAt;
                in = deep;
                star = -1;
            } else {
                return false;
            }
        }
    }

    private static boolean fits(char wanted, char there) {
        return wanted == there || wanted == '?' && there != '/';
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Glob glob && glob.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** As it was written, without what means nothing. */
    @Override
    public String toString() {
        return text;
    }
}
