package dev.relais.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a matcher of Caddy finds, as far as there are words for it.
 *
 * @param paths patterns, of which one has to fit; empty for all paths
 * @param except patterns, of which none may fit
 * @param regex that has to fit, too; null for none
 * @param whenMissing whether it fits only where no file is
 * @param unknown what else it asks; empty for nothing
 */
record CaddyMatcher(
        List<String> paths, List<String> except, @Nullable String regex, boolean whenMissing, String unknown) {
    static final CaddyMatcher ALL = new CaddyMatcher(List.of(), List.of(), null, false, "");

    /** @param named what {@code @name} stands for */
    static CaddyMatcher of(String token, Map<String, Directive> named) {
        if (token.startsWith("@")) {
            Directive definition = named.get(token);
            return definition == null
                    ? new CaddyMatcher(List.of(), List.of(), null, false, token)
                    : defined(definition);
        }
        return token.startsWith("/") ? new CaddyMatcher(List.of(token), List.of(), null, false, "") : ALL;
    }

    boolean isAll() {
        return paths.isEmpty() && except.isEmpty() && regex == null && !whenMissing && unknown.isEmpty();
    }

    /** Both of two, of which this one is the outer. */
    CaddyMatcher and(CaddyMatcher inner) {
        List<String> both = new ArrayList<>();
        for (String path : inner.paths) {
            if (path.matches("/?\\*+") && !paths.isEmpty()) {
                both.addAll(paths);
            } else if (paths.isEmpty() || path.startsWith("/")) {
                both.add(path);
            } else {
                paths.forEach(
                        outer -> both.add(outer.endsWith("*") ? outer.substring(0, outer.length() - 1) + path : outer));
            }
        }
        List<String> none = new ArrayList<>(except);
        none.addAll(inner.except);
        return new CaddyMatcher(
                inner.paths.isEmpty() ? paths : both,
                none,
                inner.regex == null ? regex : inner.regex,
                whenMissing || inner.whenMissing,
                (unknown + " " + inner.unknown).strip());
    }

    private static CaddyMatcher defined(Directive definition) {
        CaddyMatcher all = ALL;
        if (!definition.args().isEmpty()) {
            all = all.and(condition(
                    definition.arg(0),
                    definition.args().subList(1, definition.args().size()),
                    definition.inside()));
        } else {
            for (Directive one : definition.inside()) {
                all = all.and(condition(one.name(), one.args(), one.inside()));
            }
        }
        return all;
    }

    private static CaddyMatcher condition(String name, List<String> args, List<Directive> block) {
        return switch (name) {
            case "path" -> new CaddyMatcher(args, List.of(), null, false, "");
            case "path_regexp" -> {
                String regex = args.isEmpty() ? null : Re2.of(args.get(args.size() - 1));
                yield new CaddyMatcher(List.of(), List.of(), regex, false, regex == null ? "path_regexp" : "");
            }
            case "file" ->
                new CaddyMatcher(
                        List.of(),
                        List.of(),
                        null,
                        false,
                        args.isEmpty() || args.get(0).matches("\\{path}|\\{http.request.uri.path}")
                                ? ""
                                : "file " + String.join(" ", args));
            case "not" -> not(args, block);
            default -> new CaddyMatcher(List.of(), List.of(), null, false, name);
        };
    }

    private static CaddyMatcher not(List<String> args, List<Directive> block) {
        CaddyMatcher inner = ALL;
        if (!args.isEmpty()) {
            inner = condition(args.get(0), args.subList(1, args.size()), List.of());
            if (args.get(0).equals("file") && inner.unknown.isEmpty()) {
                return new CaddyMatcher(List.of(), List.of(), null, true, "");
            }
        } else if (block.size() == 1) {
            return not(concat(block.get(0)), List.of());
        } else {
            return new CaddyMatcher(List.of(), List.of(), null, false, "not");
        }
        boolean isPaths = !inner.paths.isEmpty() && inner.regex == null && inner.unknown.isEmpty();
        return isPaths
                ? new CaddyMatcher(List.of(), inner.paths, null, false, "")
                : new CaddyMatcher(List.of(), List.of(), null, false, "not " + args.get(0));
    }

    private static List<String> concat(Directive one) {
        List<String> all = new ArrayList<>(List.of(one.name()));
        all.addAll(one.args());
        return all;
    }
}
