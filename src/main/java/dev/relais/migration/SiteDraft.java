package dev.relais.migration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A site as far as it is known. Filled in by an importer; not thread-safe. */
final class SiteDraft extends PathDraft {
    final Notes notes = new Notes();
    final Set<String> hosts = new LinkedHashSet<>();
    String mount = "/";

    final Set<String> deny = new LinkedHashSet<>();
    final List<RuleDraft> rules = new ArrayList<>();
    /** In the order in which they are merged: a later one wins. */
    final Map<String, PathDraft> paths = new LinkedHashMap<>();

    final Map<String, String> variables = new LinkedHashMap<>();
    /** Settings of PHP. */
    final Map<String, String> php = new LinkedHashMap<>();

    List<String> methods = List.of();
    final Set<String> allowSymlinksTo = new LinkedHashSet<>();
    boolean streamsBody;

    /** What is said of the paths that a pattern covers, at the end of the list if nothing was. */
    PathDraft path(String glob) {
        return paths.computeIfAbsent(glob, any -> new PathDraft());
    }
}
