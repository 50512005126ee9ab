package dev.relais.functions;

import dev.relais.sites.Application;
import dev.relais.sites.SiteTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The functions that are in force together, by name. Immutable: any thread may read it, for as long as it likes.
 *
 * <p>The look-up reads the path once, from left to right, computes the hash that {@link String#hashCode()} would give for what
 * it has read, and asks an open-addressing table at the end of each segment. So it costs the same for ten functions and for ten
 * thousand, and creates no object. The table holds only the operator's file names, so a client cannot cause collisions.
 */
public final class FunctionRegistry {
    /** 2^32 divided by the golden ratio: spreads the weak low bits of a string hash (Knuth, TAOCP 3, 6.4). */
    private static final int GOLDEN = 0x9E3779B9;

    private static final int MOST_NAMED = 10;

    private static final FunctionRegistry EMPTY = new FunctionRegistry(List.of(), Map.of());

    private final Map<String, PhpFunction> byName;
    private final PhpFunction[] table;
    private final int[] hashes;
    private final int shift;
    private final int longest;
    private final int deepest;
    private final SiteTable<PhpFunction> sites;
    private final Map<String, PoolSettings> pools;

    private FunctionRegistry(Collection<PhpFunction> functions, Map<String, PoolSettings> pools) {
        this.pools = Collections.unmodifiableMap(new TreeMap<>(pools));
        Map<String, PhpFunction> sorted = new TreeMap<>();
        List<SiteTable.Entry<PhpFunction>> places = new ArrayList<>();
        int chars = 0;
        int segments = 0;
        for (PhpFunction function : functions) {
            String name = function.name();
            if (sorted.put(name, function) != null) {
                throw new IllegalArgumentException("two functions are named " + name);
            }
            if (function.isSite()) {
                Application site = Objects.requireNonNull(function.application());
                places.add(new SiteTable.Entry<>(
                        Objects.requireNonNull(site.site()).hosts(), site.mount(), function));
                continue;
            }
            chars = Math.max(chars, name.length());
            segments = Math.max(
                    segments, 1 + (int) name.chars().filter(c -> c == '/').count());
        }
        byName = Collections.unmodifiableMap(new LinkedHashMap<>(sorted));
        longest = chars;
        deepest = segments;
        // At most a quarter full: most probes are misses, and a miss then ends at the first slot three times out of
        // four.
        int bits = 33 - Integer.numberOfLeadingZeros(Math.max(1, 2 * functions.size() - 1));
        table = new PhpFunction[1 << bits];
        hashes = new int[1 << bits];
        shift = 32 - bits;
        for (PhpFunction function : byName.values()) {
            if (!function.isSite()) {
                insert(function);
            }
        }
        sites = SiteTable.of(places);
    }

    /** @throws IllegalArgumentException when two functions have the same name */
    public static FunctionRegistry of(Collection<PhpFunction> functions) {
        return of(functions, Map.of());
    }

    /** @param pools that functions and sites have, by their names */
    static FunctionRegistry of(Collection<PhpFunction> functions, Map<String, PoolSettings> pools) {
        return functions.isEmpty() && pools.isEmpty() ? EMPTY : new FunctionRegistry(functions, pools);
    }

    public static FunctionRegistry empty() {
        return EMPTY;
    }

    /**
     * Finds the function whose name is the longest prefix, in whole segments, of the path from {@code from} on.
     *
     * @param path normalised and percent-decoded, such as {@code /api/reports/daily/7}
     * @param from the index just behind {@code /api/}
     * @return null when no function has such a name
     */
    public @Nullable PhpFunction find(String path, int from) {
        int length = path.length();
        int last = Math.min(length, from + longest);
        PhpFunction found = null;
        int hash = 0;
        int segments = 0;
        for (int i = from; i <= last; i++) {
            char c = i < length ? path.charAt(i) : '/';
            if (c == '/') {
                PhpFunction longer = probe(path, from, i - from, hash);
                if (longer != null) {
                    found = longer;
                }
                if (++segments == deepest) {
                    break;
                }
            }
            hash = 31 * hash + c;
        }
        return found;
    }

    /** The pools that functions and sites have, by their names. */
    public Map<String, PoolSettings> pools() {
        return pools;
    }

    /** The function that a pool keeps in memory; null for a usual pool, and when the function is not there. */
    public @Nullable PhpFunction resident(PoolSettings pool) {
        String name = pool.residentFunction();
        return name == null ? null : byName.get(name);
    }

    public boolean hasSites() {
        return !sites.isEmpty();
    }

    /** The sites by host and mount. */
    public SiteTable<PhpFunction> sites() {
        return sites;
    }

    /** @return null when no function has this name */
    public @Nullable PhpFunction get(String name) {
        return byName.get(name);
    }

    /** All functions and sites, sorted by name; unmodifiable. */
    public Collection<PhpFunction> all() {
        return byName.values();
    }

    public int size() {
        return byName.size();
    }

    /** Whether both registries hold the same functions, so that publishing the other one would change nothing. */
    boolean sameAs(FunctionRegistry other) {
        return byName.equals(other.byName) && pools.equals(other.pools);
    }

    /** The scripts of functions that both have, but not in the same version. */
    Set<String> scriptsChangedFrom(FunctionRegistry former) {
        Set<String> changed = new HashSet<>();
        for (PhpFunction function : all()) {
            PhpFunction before = former.get(function.name());
            if (before != null && !before.version().equals(function.version())) {
                changed.add(function.scriptFilename());
            }
        }
        return changed;
    }

    /** The names that were added, removed or changed, for the log. When there are many, only some are named. */
    String changedFrom(FunctionRegistry before) {
        Set<String> names = new TreeSet<>(byName.keySet());
        names.addAll(before.byName.keySet());
        names.removeIf(name -> Objects.equals(byName.get(name), before.byName.get(name)));
        List<String> first = List.copyOf(names).subList(0, Math.min(MOST_NAMED, names.size()));
        return first + (names.size() > first.size() ? " and " + (names.size() - first.size()) + " more" : "");
    }

    private @Nullable PhpFunction probe(String path, int from, int length, int hash) {
        int wanted = mark(hash);
        int mask = hashes.length - 1;
        for (int slot = (wanted * GOLDEN) >>> shift; ; slot = (slot + 1) & mask) {
            int there = hashes[slot];
            if (there == wanted) {
                PhpFunction function = table[slot];
                String name = function.name();
                if (name.length() == length && path.regionMatches(from, name, 0, length)) {
                    return function;
                }
            } else if (there == 0) {
                return null; // a miss reads only this array
            }
        }
    }

    private void insert(PhpFunction function) {
        int mark = mark(function.name().hashCode());
        int slot = (mark * GOLDEN) >>> shift;
        while (hashes[slot] != 0) {
            slot = (slot + 1) & (hashes.length - 1);
        }
        table[slot] = function;
        hashes[slot] = mark;
    }

    /** 0 marks an empty slot, so no name gets this mark. */
    private static int mark(int hash) {
        return hash == 0 ? 1 : hash;
    }
}
