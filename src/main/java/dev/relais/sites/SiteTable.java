package dev.relais.sites;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which site a host name and a path lead to: by the exact name, else by the longest {@code *.} that fits, else the sites without hosts;
 * and there by the longest mount in whole segments. A look-up hashes the name once, so it costs the same for ten hosts and for ten
 * thousand; each further label costs one more where there are names with {@code *}. Immutable.
 *
 * @param <T> what a site is here
 */
public final class SiteTable<T> {
    /** No host name is longer (RFC 1035 section 2.3.4). */
    private static final int LONGEST_NAME = 255;

    private static final SiteTable<Object> EMPTY = new SiteTable<>(List.of());

    /**
     * A site and where it is reached.
     *
     * @param hosts in lower case, exact or with {@code *.} at the begin; empty for all hosts that no site names
     * @param mount without a slash at its end; empty for the root
     */
    public record Entry<T>(List<String> hosts, String mount, T site) {}

    /** The sites of one host by their mounts. */
    private static final class Mounts<T> {
        private final Map<String, T> byMount = new HashMap<>();
        private int longest; // of the mounts

        void add(String mount, T site) {
            if (byMount.putIfAbsent(mount, site) != null) {
                throw new IllegalArgumentException("two sites at " + (mount.isEmpty() ? "/" : mount));
            }
            longest = Math.max(longest, mount.length());
        }

        @Nullable
        T find(String path, int encodedSlash) {
            if (longest > 0) {
                int most = Math.min(Math.min(path.length(), encodedSlash), longest);
                for (int end = most; end > 0; end--) {
                    if (end == path.length() || path.charAt(end) == '/') {
                        T site = byMount.get(path.substring(0, end));
                        if (site != null) {
                            return site;
                        }
                    }
                }
            }
            return byMount.get("");
        }
    }

    private final Map<String, Mounts<T>> exact = new HashMap<>();
    private final Map<String, Mounts<T>> wild = new HashMap<>(); // by what follows the star, with its dot
    private final Mounts<T> others = new Mounts<>();

    private SiteTable(Collection<Entry<T>> entries) {
        for (Entry<T> entry : entries) {
            if (entry.hosts().isEmpty()) {
                others.add(entry.mount(), entry.site());
            }
            for (String host : entry.hosts()) {
                boolean starred = host.startsWith("*.");
                (starred ? wild : exact)
                        .computeIfAbsent(starred ? host.substring(1) : host, name -> new Mounts<>())
                        .add(entry.mount(), entry.site());
            }
        }
    }

    /** @throws IllegalArgumentException when two sites have the same host and mount */
    public static <T> SiteTable<T> of(Collection<Entry<T>> entries) {
        return entries.isEmpty() ? empty() : new SiteTable<>(entries);
    }

    @SuppressWarnings("unchecked") // it holds nothing
    public static <T> SiteTable<T> empty() {
        return (SiteTable<T>) EMPTY;
    }

    public boolean isEmpty() {
        return exact.isEmpty() && wild.isEmpty() && others.byMount.isEmpty();
    }

    /** Whether a site names this host. */
    public boolean names(String host) {
        return mounts(host) != others;
    }

    /**
     * Finds the site of a path.
     *
     * @param host as {@link HostName} gives it
     * @param path normalised and percent-decoded
     * @param encodedSlash where the first segment with an encoded slash begins, beyond which no mount extends
     * @return null when there is none
     */
    public @Nullable T find(String host, String path, int encodedSlash) {
        return mounts(host).find(path, encodedSlash);
    }

    private Mounts<T> mounts(String host) {
        Mounts<T> own = exact.get(host);
        if (own == null && !wild.isEmpty() && host.length() <= LONGEST_NAME) {
            for (int dot = host.indexOf('.'); own == null && dot > 0; dot = host.indexOf('.', dot + 1)) {
                own = wild.get(host.substring(dot));
            }
        }
        return own == null ? others : own;
    }
}
