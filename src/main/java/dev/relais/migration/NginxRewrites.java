package dev.relais.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code rewrite}, {@code return} and {@code if} as {@code rules}. Not thread-safe. */
final class NginxRewrites {
    private static final Pattern ALTERNATIVES = Pattern.compile("\\^?\\(?([A-Z]+(?:\\|[A-Z]+)*)\\)?\\$?");

    private final SiteDraft site;

    NginxRewrites(SiteDraft site) {
        this.site = site;
    }

    private List<String> hosts() {
        return List.copyOf(site.hosts);
    }

    /**
     * A {@code return}.
     *
     * @param match finds the paths that it is about
     * @return null when it was told of
     */
    @Nullable
    RuleDraft returned(Directive directive, String match) {
        String code = directive.arg(0);
        String text = directive.args().size() == 1 && !code.matches("[0-9]+") ? code : directive.arg(1);
        if (directive.args().size() == 1 && !code.matches("[0-9]+")) {
            code = "302";
        }
        if (code.matches("30[12378]")) {
            String target = NginxTargets.of(text, match, hosts());
            if (target == null) {
                site.notes.lost(directive.origin(), "its target has what rules have no word for");
                return null;
            }
            if (text.startsWith("$scheme") && target.startsWith("https://")) {
                site.notes.different(directive.origin(), "leads to https, whatever the request came by");
            }
            return redirected(directive, match, target, Integer.parseInt(code));
        }
        if (code.matches("403|404|410")) {
            return RuleDraft.refusal(match, Integer.parseInt(code));
        }
        if (code.matches("4..")) {
            return RuleDraft.refusal(match, code.equals("401") || code.equals("405") ? 403 : 404);
        }
        site.notes.lost(directive.origin(), "rules answer with 301, 302, 303, 307, 308, 403, 404 and 410 alone");
        return null;
    }

    /** A redirect to the same path of the site's own host would lead to itself: it was meant for http. */
    private @Nullable RuleDraft redirected(Directive directive, String match, String target, int status) {
        String host = target.matches("https?://.*(\\{uri}|\\{path})")
                ? target.replaceFirst("https?://([^/{:]+).*", "$1")
                : "";
        boolean isSame =
                target.matches("(https?://[^/]+)?(\\{uri}|\\{path})") && (host.isEmpty() || site.hosts.contains(host));
        if (!isSame) {
            return RuleDraft.redirect(match, target, status);
        }
        List<String> others =
                site.hosts.stream().filter(name -> !name.equals(host)).toList();
        if (!host.isEmpty() && !others.isEmpty()) {
            return RuleDraft.redirect(match, target, status).forHosts(others);
        }
        site.notes.needless(directive.origin(), "quarkus.http.insecure-requests=redirect leads all from http to https");
        return null;
    }

    /**
     * A {@code rewrite}.
     *
     * @param within finds the paths of the location that it stands in; null for all
     */
    @Nullable
    RuleDraft rewritten(Directive directive, @Nullable NginxLocation within) {
        String match = Re2.of(directive.arg(0));
        if (match == null) {
            site.notes.lost(
                    directive.origin(), "RE2 has no word for something in its expression, such as a look-ahead");
            return null;
        }
        String narrowed = narrowed(match, within);
        if (narrowed == null) {
            site.notes.lost(directive.origin(), "rules have one expression, and the location is another");
            return null;
        }
        String text = Re2.numbered(directive.arg(0), directive.arg(1));
        String flag = directive.arg(2);
        if (text.endsWith("?")) {
            text = text.substring(0, text.length() - 1);
            site.notes.different(directive.origin(), "the request's query stays");
        }
        int status = flag.equals("permanent")
                ? 301
                : flag.equals("redirect") || text.matches("(https?://|\\$scheme).*") ? 302 : 0;
        Matcher slash = Pattern.compile("(?:\\$scheme://\\$(?:host|http_host))?\\$(?:uri|request_uri|document_uri)/")
                .matcher(text);
        Matcher end = Pattern.compile("\\^?/([A-Za-z0-9_-]+)\\$").matcher(narrowed);
        if (slash.matches() && end.matches() && status != 0) {
            String path = narrowed.startsWith("^") ? end.group(1) : "(?:.*/)?" + end.group(1);
            return RuleDraft.redirect("^/(" + path + ")$", "/$1/", status);
        }
        String target = NginxTargets.of(text, narrowed, hosts());
        if (target == null && text.matches("\\$[1-9].*")) {
            // The group is a path. Relais wants to see its slash.
            RuleDraft led = led(narrowed, text);
            if (led != null) {
                return new RuleDraft(led.match(), led.to(), status, false, List.of());
            }
        }
        if (target == null || status == 0 && !(target.startsWith("/") || target.startsWith("{path}"))) {
            site.notes.lost(directive.origin(), "its target has what rules have no word for");
            return null;
        }
        return new RuleDraft(narrowed, target, status, false, List.of());
    }

    /** {@code (/x.*) $1} as {@code /(x.*) /$1}; null when the group does not begin with a slash for sure. */
    private static @Nullable RuleDraft led(String match, String text) {
        int number = text.charAt(1) - '0';
        int open = -1;
        for (int i = 0, count = 0; i < match.length() && count < number; i++) {
            boolean opens = match.charAt(i) == '(' && (i == 0 || match.charAt(i - 1) != '\\');
            if (opens && !match.startsWith("(?", i)) {
                count++;
                open = i;
            }
        }
        if (open < 0 || !match.startsWith("(/", open)) {
            return null;
        }
        String moved = match.substring(0, open) + "/(" + match.substring(open + 2);
        boolean hasChoice = match.substring(open).indexOf('|') >= 0;
        return hasChoice ? null : RuleDraft.rewrite(moved, "/" + text);
    }

    /** The expression for the paths of the location alone; null when that cannot be said. */
    private static @Nullable String narrowed(String match, @Nullable NginxLocation within) {
        if (within == null || within.isRoot() || within.isRegex() && match.equals(within.text())) {
            return match;
        }
        if (match.matches("\\^|\\.\\*|\\^\\.\\*\\$?|\\^/")) {
            return Re2.of(within.regex());
        }
        if (within.isRegex()) {
            return null;
        }
        String prefix = Re2.quote(within.text());
        if (match.startsWith("^" + prefix) || match.startsWith("^" + within.text())) {
            return match;
        }
        if (match.matches("\\^?\\(\\.\\*\\)\\$?")) {
            return "^(" + prefix + ".*)$";
        }
        if (match.matches("\\^/\\(\\.\\*\\)\\$?") && prefix.startsWith("/")) {
            return "^/(" + prefix.substring(1) + ".*)$";
        }
        return null;
    }

    /**
     * An {@code if}.
     *
     * @param within the location that it stands in; null for none
     * @return the rules that it becomes; empty when it was told of
     */
    List<RuleDraft> conditional(Directive directive, @Nullable NginxLocation within) {
        String condition = directive
                .joined()
                .replaceFirst("^\\(\\s*", "")
                .replaceFirst("\\s*\\)$", "")
                .replaceAll("\\s+", " ");
        List<RuleDraft> rules = new ArrayList<>();
        if (condition.matches("!-[ef] \"?\\$request_filename\"?")) {
            inside(directive, within, within == null ? "^" : Re2.of(within.regex()))
                    .forEach(rule -> rules.add(rule.ifMissing()));
            return rules;
        }
        Matcher host = Pattern.compile("\\$(?:host|http_host) (=|~\\*?) \"?([^\"]+?)\"?")
                .matcher(condition);
        if (host.matches() && within == null) {
            List<String> names = host.group(1).equals("=") ? List.of(host.group(2)) : names(host.group(2));
            if (!names.isEmpty() && (site.hosts.isEmpty() || site.hosts.containsAll(names))) {
                inside(directive, null, "^").forEach(rule -> rules.add(rule.forHosts(names)));
                return rules;
            }
        }
        Matcher path = Pattern.compile("\\$(?:uri|document_uri) (=|~\\*?) \"?([^\"]+?)\"?")
                .matcher(condition);
        if (path.matches() && within == null) {
            String regex = Re2.of(
                    path.group(1).equals("=")
                            ? "^" + Re2.quote(path.group(2)) + "$"
                            : (path.group(1).equals("~*") ? "(?i)" : "") + path.group(2));
            if (regex != null && directive.inside().stream().allMatch(one -> one.is("return"))) {
                return inside(directive, null, regex);
            }
        }
        if (isMethods(directive, condition) && (within == null || within.isRoot())) {
            return List.of();
        }
        boolean isScheme =
                condition.matches("\\$(scheme|https|server_port|http_x_forwarded_proto) !?[=~]\\*? .*|\\$https = ?.*");
        if (isScheme && directive.inside().stream().allMatch(one -> one.is("return") || one.is("rewrite"))) {
            site.notes.lost(directive.origin(), "quarkus.http.insecure-requests=redirect leads all from http to https");
        } else {
            NginxKnown.tell(directive, site.notes);
        }
        return List.of();
    }

    private List<RuleDraft> inside(Directive directive, @Nullable NginxLocation within, @Nullable String match) {
        List<RuleDraft> rules = new ArrayList<>();
        for (Directive one : directive.inside()) {
            RuleDraft rule = null;
            if (one.is("return") && match != null) {
                rule = returned(one, match);
            } else if (one.is("rewrite")) {
                rule = rewritten(one, within);
            } else if (!one.is("break")) {
                NginxKnown.tell(one, site.notes);
            }
            if (rule != null) {
                rules.add(rule);
            }
        }
        return rules;
    }

    /** Host names that an expression finds; empty when they are others, too. */
    private static List<String> names(String regex) {
        RegexParts.Parts parts = RegexParts.of(regex);
        if (parts == null || !parts.isExact()) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        for (String text : parts.texts()) {
            String name =
                    text.replace(String.valueOf(RegexParts.BEGIN), "").replace(String.valueOf(RegexParts.END), "");
            name = name.replace(RegexParts.ONE, '.');
            if (!name.matches("[A-Za-z0-9.-]+")) {
                return List.of();
            }
            names.add(name.toLowerCase(Locale.ROOT));
        }
        return names;
    }

    /** Methods that alone are answered. */
    private boolean isMethods(Directive directive, String condition) {
        Matcher methods =
                Pattern.compile("\\$request_method !~\\*? \"?(.+?)\"?").matcher(condition);
        boolean refuses = directive.inside().size() == 1
                && directive.inside().get(0).is("return")
                && directive.inside().get(0).arg(0).startsWith("4");
        if (!refuses || !methods.matches()) {
            return false;
        }
        Matcher names = ALTERNATIVES.matcher(methods.group(1));
        if (!names.matches()) {
            return false;
        }
        site.methods = List.of(names.group(1).split("\\|"));
        return true;
    }
}
