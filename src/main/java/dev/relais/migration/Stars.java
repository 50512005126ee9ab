package dev.relais.migration;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Patterns of whole paths, in which a star stands for any text: those of NGINX Unit and Caddy. */
final class Stars {
    private Stars() {}

    /** As {@link RegexParts} has texts. */
    static String text(String pattern) {
        return RegexParts.BEGIN + pattern.replaceAll("\\*+", String.valueOf(RegexParts.ANY)) + RegexParts.END;
    }

    /** Finds the same paths. */
    static String regex(String pattern) {
        String regex = Re2.quote(pattern).replaceAll("(\\\\\\*)+", ".*");
        String begun = regex.startsWith(".*") ? regex.substring(2) : "^" + regex;
        return begun.endsWith(".*") ? begun.substring(0, begun.length() - 2) : begun + "$";
    }

    /** Null when patterns of {@code deny} and {@code paths} cannot say it. */
    static @Nullable PathGlobs globs(List<String> patterns) {
        List<String> texts = new ArrayList<>();
        patterns.forEach(pattern -> texts.add(text(pattern)));
        return texts.isEmpty() ? new PathGlobs(List.of(), true) : PathGlobs.ofTexts(texts, true);
    }

    /** Whether it finds names that begin with a dot alone, which Relais serves to nobody. */
    static boolean isHidden(String pattern) {
        return pattern.contains("/.") && !pattern.contains("/.well-known");
    }

    /** Whether it finds any script. */
    static boolean isAnyScript(String pattern) {
        return pattern.matches("/?\\*+(/\\*+)?\\.php(\\*|/\\*)?");
    }
}
