package dev.relais.sites;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The rules of a folder that is served whole: what holds for all of its paths, what for some, what is closed, and what is rewritten.
 * Immutable, except that settings that were merged once are kept.
 */
public final class PathRules {
    /** Of the merged settings. Which combinations occur is the client's choice. */
    private static final int MOST_KEPT = 256;

    /** What holds for paths that a pattern covers. */
    public record Entry(Glob glob, PathSettings settings) {}

    private final PathSettings all;
    private final List<Entry> some;
    private final DenyList deny;
    private final List<Rule> rules;
    private final boolean hasPrecompressed;
    private final boolean admitsAll;
    private final boolean asksForHost;
    private final boolean asksForUri;
    private final Map<BitSet, PathSettings> merged = new ConcurrentHashMap<>();

    /** @param some in the order in which they are merged: a later one wins */
    public PathRules(PathSettings all, List<Entry> some, DenyList deny, List<Rule> rules) {
        this.all = all;
        this.some = List.copyOf(some);
        this.deny = deny;
        this.rules = List.copyOf(rules);
        this.hasPrecompressed = all.precompressed() != null
                || some.stream().anyMatch(entry -> entry.settings().precompressed() != null);
        this.admitsAll = all.allowFrom() == null
                && some.stream().allMatch(entry -> entry.settings().allowFrom() == null);
        this.asksForHost = rules.stream().anyMatch(rule -> !rule.hosts().isEmpty());
        this.asksForUri = rules.stream().anyMatch(Rule::asksForUri);
    }

    /** An application's: all but what is denied, with unknown scripts for the front controller. */
    public static PathRules of(DenyList deny) {
        PathSettings.Builder settings = new PathSettings.Builder();
        settings.missingToFallback(true);
        return new PathRules(settings.build(), List.of(), deny, List.of());
    }

    public PathSettings all() {
        return all;
    }

    public List<Entry> some() {
        return some;
    }

    public DenyList deny() {
        return deny;
    }

    /** Whether a coded file may be sent in the place of any file. */
    public boolean hasPrecompressed() {
        return hasPrecompressed;
    }

    /** Whether what a path leads to is the same for all clients. */
    public boolean admitsAll() {
        return admitsAll;
    }

    /** Whether what a path leads to may depend on the host. */
    public boolean asksForHost() {
        return asksForHost;
    }

    /** Whether what a path leads to may depend on the query. */
    public boolean asksForUri() {
        return asksForUri;
    }

    /** Whether a request may be answered as if it had another path or query. */
    public boolean hasRules() {
        return !rules.isEmpty();
    }

    List<Rule> rules() {
        return rules;
    }

    /** Whether the fallback at this path may never answer. */
    public boolean closesFallback(String path) {
        return deny.refusalOfFallback(path) != null || at(path).internal();
    }

    /** What holds at a path. */
    public PathSettings at(String path) {
        if (some.isEmpty()) {
            return all;
        }
        String folded = Folding.of(path);
        BitSet covering = null;
        for (int i = 0; i < some.size(); i++) {
            if (some.get(i).glob().coversFolded(folded)) {
                covering = covering == null ? new BitSet(some.size()) : covering;
                covering.set(i);
            }
        }
        if (covering == null) {
            return all;
        }
        PathSettings known = merged.get(covering);
        return known != null ? known : merge(covering);
    }

    private PathSettings merge(BitSet covering) {
        PathSettings settings = all;
        for (int i = covering.nextSetBit(0); i >= 0; i = covering.nextSetBit(i + 1)) {
            settings = settings.with(some.get(i).settings());
        }
        if (merged.size() < MOST_KEPT) {
            merged.put(covering, settings);
        }
        return settings;
    }

    /** Whether no script may run below a folder, so that what lies there is data. */
    public boolean isData(String folder) {
        return Scripts.NONE.equals(at(folder).scripts());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PathRules rulesToo
                && rulesToo.all.equals(all)
                && rulesToo.some.equals(some)
                && rulesToo.deny.equals(deny)
                && rulesToo.rules.equals(rules);
    }

    @Override
    public int hashCode() {
        return all.hashCode() * 31 + some.hashCode();
    }
}
