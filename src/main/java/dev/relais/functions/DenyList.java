package dev.relais.functions;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The rules on what an application never serves: hidden files, source files, files left behind by editors, and what its
 * function's {@code deny} names. Paths are below the folder, percent-decoded, and begin with a slash. Each method returns the
 * rule that refuses the path, in words for the log, or null when none does. Immutable.
 *
 * <p>Names of existing files are compared without regard to case and to the two Unicode forms of a letter (NFC and NFD), since
 * a file system may take them for the same name.
 */
public final class DenyList {
    static final DenyList NONE = new DenyList(List.of());

    private final List<String> entries;
    private final List<Rule> rules = new ArrayList<>();

    /**
     * @param entry as written
     * @param exact the suffix of names, or a path without a slash at either end
     * @param folded the same, folded for the comparison with existing files
     */
    private record Rule(String entry, boolean isSuffix, String exact, String folded) {
        static Rule of(String entry) {
            boolean suffix = entry.startsWith("*");
            int from = suffix ? 1 : 0;
            String exact = entry.substring(from, entry.length() - (entry.endsWith("/") ? 1 : 0));
            return new Rule(entry, suffix, exact, DenyList.folded(exact));
        }

        String reason() {
            return "deny: " + entry;
        }
    }

    /** Whether a path is this place, or below it. */
    private static boolean isAtOrBelow(String path, String place) {
        int end = 1 + place.length();
        return path.startsWith(place, 1) && (path.length() == end || path.charAt(end) == '/');
    }

    /**
     * @param entries each {@linkplain #normalised normalised}; {@code data} and {@code data/} deny this path and all below,
     *     {@code *.bak} denies all names that end so
     */
    public DenyList(List<String> entries) {
        this.entries = List.copyOf(entries);
        for (String entry : this.entries) {
            rules.add(Rule.of(entry));
        }
    }

    /**
     * Brings an entry into the form of the paths that it is compared with; null when it could never deny anything, or would
     * deny everything.
     */
    static @Nullable String normalised(String entry) {
        if (entry.chars().anyMatch(Character::isISOControl)) {
            return null;
        }
        if (entry.startsWith("*")) {
            return entry.length() > 1 && entry.indexOf('*', 1) < 0 && entry.indexOf('/') < 0 ? entry : null;
        }
        if (entry.startsWith("/") || entry.indexOf('*') >= 0) {
            return null;
        }
        List<String> segments = new ArrayList<>();
        for (String segment : entry.split("/")) {
            if (segment.equals("..")) {
                return null;
            }
            if (!segment.isEmpty() && !segment.equals(".")) {
                segments.add(segment);
            }
        }
        String path = String.join("/", segments);
        if (path.isEmpty()) {
            return null;
        }
        return entry.endsWith("/") ? path + "/" : path;
    }

    public List<String> entries() {
        return entries;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** The rule by which nothing is served at this path, whatever is there. */
    @Nullable
    String refusal(String path) {
        if (isHidden(path)) {
            return "hidden";
        }
        for (Rule rule : rules) {
            if (rule.isSuffix() ? path.endsWith(rule.exact()) : isAtOrBelow(path, rule.exact())) {
                return rule.reason();
            }
        }
        return null;
    }

    /**
     * The rule by which an existing file may not be sent as it is.
     *
     * @param own whether the path is below the application's folder; otherwise it is below another folder that links may lead
     *     to, where the listed paths mean nothing
     */
    @Nullable
    String refusalOfFile(String path, boolean own) {
        String refusal = refusalOfWhatIsThere(path, own);
        if (refusal != null) {
            return refusal;
        }
        return Leftovers.matches(path) ? "source or leftover" : null;
    }

    /**
     * The rule by which an existing script may not be run. Libraries contain scripts that were never meant to be reached
     * (CVE-2017-9841).
     */
    @Nullable
    String refusalOfScript(String path, boolean own) {
        String refusal = refusalOfWhatIsThere(path, own);
        return refusal != null ? refusal : refusalOfLibrary(path);
    }

    private static @Nullable String refusalOfLibrary(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        return lower.contains("/vendor/") || lower.contains("/node_modules/") ? "script of a library" : null;
    }

    private @Nullable String refusalOfWhatIsThere(String path, boolean own) {
        if (isHidden(path)) {
            return "hidden";
        }
        if (rules.isEmpty()) {
            return null;
        }
        String folded = folded(path);
        for (Rule rule : rules) {
            if (rule.isSuffix()
                    ? folded.endsWith(rule.folded()) || folded.contains(rule.folded() + "/")
                    : own && isAtOrBelow(folded, rule.folded())) {
                return rule.reason();
            }
        }
        return null;
    }

    /** Whether a segment begins with a dot. {@code /.well-known/} is excepted, since it is meant to be served (RFC 8615). */
    private static boolean isHidden(String path) {
        int dot = path.indexOf("/.");
        while (dot >= 0) {
            if (!path.startsWith("/.well-known/", dot)) {
                return true;
            }
            dot = path.indexOf("/.", dot + 1);
        }
        return false;
    }

    private static String folded(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DenyList list && list.entries.equals(entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    @Override
    public String toString() {
        return entries.toString();
    }
}
