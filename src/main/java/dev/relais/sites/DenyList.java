package dev.relais.sites;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The rules on what a folder never serves: hidden files, source files, files left behind by editors, and what {@code deny} names. Paths
 * are below the folder, percent-decoded, and begin with a slash. Each method returns the rule that refuses the path, in words for the
 * log, or null when none does. Immutable.
 *
 * <p>Names are compared {@linkplain Folding folded}, since a file system may take them for the same name.
 */
public final class DenyList {
    public static final DenyList NONE = new DenyList(List.of());

    private final List<Glob> globs;

    /** @param globs each denies the path that it names and all below */
    public DenyList(List<Glob> globs) {
        this.globs = List.copyOf(globs);
    }

    public List<Glob> globs() {
        return globs;
    }

    public boolean isEmpty() {
        return globs.isEmpty();
    }

    /** This list and another one. */
    public DenyList and(DenyList other) {
        List<Glob> all = new ArrayList<>(globs);
        all.addAll(other.globs);
        return new DenyList(all);
    }

    /** The rule by which nothing is served at this path, whatever is there. */
    @Nullable
    String refusal(String path) {
        return isHidden(path) ? "hidden" : refusalByEntry(path, true, true);
    }

    /**
     * The rule by which an existing file may not be sent as it is.
     *
     * @param own whether the path is below the folder itself; otherwise it is below another folder that links may lead to, where the
     *     listed paths mean nothing
     */
    @Nullable
    String refusalOfFile(String path, boolean own) {
        String refusal = refusalOfWhatIsThere(path, own, true);
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
        String refusal = refusalOfWhatIsThere(path, own, true);
        return refusal != null ? refusal : refusalOfLibrary(path);
    }

    /** Like {@link #refusalOfScript}, but an entry for names in all folders, such as {@code *.php}, means the other scripts. */
    @Nullable
    String refusalOfFallback(String path) {
        return refusalOfWhatIsThere(path, true, false);
    }

    private static @Nullable String refusalOfLibrary(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        return lower.contains("/vendor/") || lower.contains("/node_modules/") ? "script of a library" : null;
    }

    private @Nullable String refusalOfWhatIsThere(String path, boolean own, boolean everywhere) {
        return isHidden(path) ? "hidden" : refusalByEntry(path, own, everywhere);
    }

    /**
     * @param own whether entries that begin at the root count
     * @param everywhere whether entries for names in all folders count
     */
    private @Nullable String refusalByEntry(String path, boolean own, boolean everywhere) {
        if (globs.isEmpty()) {
            return null;
        }
        String folded = Folding.of(path);
        for (Glob glob : globs) {
            if ((glob.isAnchored() ? own : everywhere) && glob.coversFolded(folded)) {
                return "deny: " + glob;
            }
        }
        return null;
    }

    /** Whether a segment begins with a dot. {@code /.well-known/} is excepted, since it is meant to be served (RFC 8615). */
    static boolean isHidden(String path) {
        int dot = path.indexOf("/.");
        while (dot >= 0) {
            if (!path.startsWith("/.well-known/", dot)) {
                return true;
            }
            dot = path.indexOf("/.", dot + 1);
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DenyList list && list.globs.equals(globs);
    }

    @Override
    public int hashCode() {
        return globs.hashCode();
    }

    @Override
    public String toString() {
        return globs.toString();
    }
}
