package dev.relais.migration;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The last argument of {@code try_files}, which is what answers where nothing is: a fallback, or else a rule for paths at which nothing is.
 *
 * @param fallback null when a rule says it
 * @param rule null when the fallback says it
 */
record NginxTries(@Nullable String fallback, @Nullable RuleDraft rule) {
    private static final Pattern SCRIPT = Pattern.compile("/?([^?$\\s]+\\.php)(.*)");
    private static final Pattern FILE = Pattern.compile("/[^?$\\s{}]+");

    static final NginxTries NOT_FOUND = new NginxTries("404", null);

    /**
     * @param last as written
     * @param locations has those with names
     * @param regex of the location, for its groups; null for none
     * @return null when there is no word for it
     */
    static @Nullable NginxTries of(String last, NginxLocations locations, @Nullable String regex) {
        if (last.startsWith("=")) {
            return NOT_FOUND;
        }
        if (last.startsWith("@")) {
            Directive named = locations.named(last);
            return named == null ? null : named(named, locations, regex);
        }
        return target(last, regex);
    }

    private static @Nullable NginxTries target(String text, @Nullable String regex) {
        String target = NginxTargets.withoutQuery(text).replaceAll("[?&]\\$(args|query_string)(?=&|$)", "");
        Matcher script = SCRIPT.matcher(target);
        if (!script.matches()) {
            return FILE.matcher(target).matches() ? new NginxTries(target, null) : null;
        }
        String rest = script.group(2).replace("&$args", "").replace("&$query_string", "");
        if (rest.matches("/?(\\$uri|\\$request_uri|\\$document_uri)")) {
            return new NginxTries("/" + script.group(1) + "{path}", null);
        }
        if (rest.startsWith("?") || rest.isEmpty()) {
            String filled = NginxTargets.of("/" + script.group(1) + rest, regex, List.of());
            if (filled == null) {
                return null;
            }
            boolean hasGroup = filled.matches(".*\\$[1-9].*");
            return hasGroup && regex != null
                    ? new NginxTries(null, RuleDraft.rewrite(regex, filled).ifMissing())
                    : new NginxTries(filled.replace("{uri}", "{path}"), null);
        }
        return null;
    }

    /** A location that is gone to when nothing is found: a rewrite, or PHP itself. */
    private static @Nullable NginxTries named(Directive named, NginxLocations locations, @Nullable String regex) {
        for (Directive one : named.inside()) {
            if (one.is("try_files")) {
                String last = one.arg(one.args().size() - 1);
                return last.startsWith("@") ? null : of(last, locations, regex);
            }
            if (one.is("rewrite")) {
                return rewritten(one.arg(0), one.arg(1), regex);
            }
            if (one.is("fastcgi_param")
                    && one.arg(0).equals("SCRIPT_FILENAME")
                    && one.arg(1).endsWith(".php")) {
                String script = one.arg(1).replaceFirst("^\\$(document_root|realpath_root)/?", "/");
                return FILE.matcher(script).matches() ? new NginxTries(script, null) : null;
            }
        }
        return null;
    }

    /** @param within the expression of the location that it is gone to from; null for all paths */
    private static @Nullable NginxTries rewritten(String regex, String to, @Nullable String within) {
        if (regex.matches("\\^|\\.\\*|\\^\\.\\*\\$?|\\^/\\.\\*\\$?|/|\\^/")) {
            return target(to, null);
        }
        if (regex.matches("\\^?\\(\\.\\*\\)\\$?")) {
            return target(to.replace("$1", "$uri"), null);
        }
        String match = within == null ? Re2.of(regex) : whole(regex, within);
        return match == null ? null : target(to, match);
    }

    /** The first group of {@code ^/(.*)$} for the paths of a location; null when that cannot be said. */
    private static @Nullable String whole(String regex, String within) {
        boolean isSayable =
                regex.matches("\\^/\\(\\.[*+]\\)\\$?") && within.startsWith("^/") && within.indexOf('|') < 0;
        return !isSayable ? null : "^/(" + within.substring(2) + (within.endsWith("$") ? "" : ".*") + ")";
    }
}
