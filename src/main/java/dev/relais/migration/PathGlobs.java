package dev.relais.migration;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The patterns of {@code deny}, {@code scripts} and {@code paths} that a server's pattern of paths becomes.
 *
 * @param globs at least one; empty when all paths are meant
 * @param isExact whether they cover nothing else, except what is below a file's name
 */
record PathGlobs(List<String> globs, boolean isExact) {
    private static final int LONGEST = 500;
    private static final int MOST_CHOICES = 60;

    PathGlobs {
        globs = List.copyOf(globs);
    }

    boolean isAll() {
        return globs.isEmpty();
    }

    /** All of them as one pattern, where that can be said; else each by itself. */
    List<String> folded() {
        String one = fold(globs);
        return one == null ? globs : List.of(one);
    }

    /** A path, or with a slash at its end a folder. Null when it has a sign that no pattern can have. */
    static @Nullable PathGlobs ofPath(String path) {
        return of(List.of("" + RegexParts.BEGIN + path + (path.endsWith("/") ? "" : RegexParts.END)), true);
    }

    /** All paths that begin so, as those of nginx' locations. */
    static @Nullable PathGlobs ofPrefix(String prefix) {
        return of(List.of(RegexParts.BEGIN + prefix), true);
    }

    /** Null when patterns cannot say it. */
    static @Nullable PathGlobs ofRegex(String regex) {
        RegexParts.Parts parts = RegexParts.of(regex);
        return parts == null ? null : of(parts.texts(), parts.isExact());
    }

    /** Of the names of files in all folders. Null when patterns cannot say it. */
    static @Nullable PathGlobs ofName(String regex) {
        RegexParts.Parts parts = RegexParts.of(regex);
        if (parts == null) {
            return null;
        }
        List<String> names = new ArrayList<>();
        boolean hasHidden = false;
        for (String text : parts.texts()) {
            boolean isHidden = text.startsWith(RegexParts.BEGIN + ".");
            hasHidden |= isHidden;
            if (!isHidden && text.indexOf('/') < 0) {
                names.add(text.replace(RegexParts.ANY, RegexParts.SEGMENT).replace(RegexParts.BEGIN, '/'));
            }
        }
        return names.isEmpty() ? null : of(names, parts.isExact() || hasHidden);
    }

    /** Whether it is a name that begins with a dot, which Relais serves to nobody but below {@code /.well-known/}. */
    static boolean isHidden(String text) {
        boolean cannotBe = text.startsWith(RegexParts.BEGIN + "."); // each path begins with a slash
        return cannotBe || text.contains("/.") && !text.contains("/.well-known");
    }

    /** @param texts as {@link RegexParts} has them */
    static @Nullable PathGlobs ofTexts(List<String> texts, boolean isExact) {
        return of(texts, isExact);
    }

    private static @Nullable PathGlobs of(List<String> texts, boolean isExact) {
        Set<String> globs = new LinkedHashSet<>();
        for (String text : texts) {
            if (text.startsWith(String.valueOf(RegexParts.BEGIN))
                    && text.length() > 1
                    && text.charAt(1) != '/'
                    && text.charAt(1) < RegexParts.ANY) {
                continue; // each path begins with a slash
            }
            String glob = glob(text);
            if (glob == null || glob.length() > LONGEST) {
                return null;
            }
            globs.add(glob.endsWith(".php/") ? glob.substring(0, glob.length() - 1) : glob);
        }
        if (globs.contains("")) {
            return new PathGlobs(List.of(), isExact);
        }
        globs.removeIf(glob -> globs.contains(glob + "/"));
        return globs.isEmpty() ? null : new PathGlobs(List.copyOf(globs), isExact);
    }

    /** Empty for all paths; null when it cannot be said. */
    private static @Nullable String glob(String text) {
        if (text.chars().anyMatch(c -> "*?{},\\\n".indexOf(c) >= 0)) {
            return null;
        }
        boolean anchored = text.indexOf(RegexParts.BEGIN) >= 0;
        String rest = anchored ? text.substring(text.lastIndexOf(RegexParts.BEGIN) + 1) : text;
        if (anchored && text.lastIndexOf(RegexParts.BEGIN) > 0) {
            return null;
        }
        boolean ends = rest.indexOf(RegexParts.END) >= 0;
        if (ends) {
            if (rest.indexOf(RegexParts.END) < rest.length() - 1) {
                return null;
            }
            rest = rest.substring(0, rest.length() - 1);
        }
        while (rest.startsWith(String.valueOf(RegexParts.ANY))) {
            rest = rest.substring(1);
            anchored = false;
        }
        while (rest.endsWith(String.valueOf(RegexParts.ANY))) {
            rest = rest.substring(0, rest.length() - 1);
            ends = false;
        }
        if (anchored && rest.isEmpty() && ends) {
            return null;
        }
        String glob = inner(rest);
        if (glob.isEmpty() || glob.equals("/")) {
            return ends && !glob.isEmpty() && anchored ? null : "";
        }
        return whole(glob, anchored, ends);
    }

    private static @Nullable String whole(String glob, boolean anchored, boolean ends) {
        String end = ends || glob.endsWith("/") || glob.endsWith("*") ? "" : "*";
        if (anchored) {
            return glob.startsWith("/") ? glob.substring(1) + end : null;
        }
        if (glob.startsWith("/")) {
            return "**" + glob + end;
        }
        String bare = glob.endsWith("/") ? glob.substring(0, glob.length() - 1) : glob;
        return bare.indexOf('/') < 0 ? "*" + bare + end : "**" + glob + end;
    }

    private static String inner(String rest) {
        StringBuilder glob = new StringBuilder();
        for (int i = 0; i < rest.length(); i++) {
            char c = rest.charAt(i);
            switch (c) {
                case RegexParts.ANY -> glob.append(glob.toString().endsWith("*") ? "" : "**");
                case RegexParts.SEGMENT -> glob.append(glob.toString().endsWith("*") ? "" : "*");
                case RegexParts.ONE -> glob.append('?');
                default -> glob.append(c);
            }
        }
        return glob.toString();
    }

    /** Texts with the same begin and end as one; null when what differs has a slash. */
    private static @Nullable String fold(List<String> globs) {
        if (globs.size() < 2 || globs.size() > MOST_CHOICES) {
            return globs.size() == 1 ? globs.get(0) : null;
        }
        String begin = globs.get(0);
        String end = globs.get(0);
        for (String glob : globs) {
            while (!glob.startsWith(begin)) {
                begin = begin.substring(0, begin.length() - 1);
            }
            while (!glob.endsWith(end)) {
                end = end.substring(1);
            }
        }
        // Whole words in the braces: {js,json}, not js{,on}.
        begin = begin.substring(0, Math.max(begin.lastIndexOf('/'), begin.lastIndexOf('.')) + 1);
        begin = begin.isEmpty() && globs.stream().allMatch(glob -> glob.startsWith("*")) ? "*" : begin;
        int wordEnd = end.indexOf('/') >= 0 && (end.indexOf('.') < 0 || end.indexOf('/') < end.indexOf('.'))
                ? end.indexOf('/')
                : end.indexOf('.');
        end = wordEnd < 0 ? "" : end.substring(wordEnd);
        List<String> middles = new ArrayList<>();
        for (String glob : globs) {
            if (glob.length() < begin.length() + end.length()) {
                return null;
            }
            middles.add(glob.substring(begin.length(), glob.length() - end.length()));
        }
        String folded = begin + "{" + String.join(",", middles) + "}" + end;
        boolean isPlain = middles.stream()
                .noneMatch(middle -> middle.contains("/") || middle.contains("{") || middle.startsWith("**"));
        boolean isNameAnywhere = begin.startsWith("*") || globs.stream().noneMatch(glob -> glob.startsWith("*"));
        return isPlain && isNameAnywhere && folded.length() <= LONGEST ? folded : null;
    }
}
