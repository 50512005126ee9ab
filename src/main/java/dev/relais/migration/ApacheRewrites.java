package dev.relais.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Apache's {@code RewriteRule}s with their conditions, as rules, or as the fallback, which is what most of them are for. In a folder the patterns do not see
 * the slash at the path's begin. Not thread-safe.
 */
final class ApacheRewrites {
    private static final String ALL =
            "\\^|\\.|\\.\\*|\\.\\+|\\.\\?|\\^\\.\\*\\$?|\\(\\.\\*\\)|\\^\\(\\.[*+]\\)\\$?|\\(\\.\\)|\\^/\\.\\*|\\^/\\(\\.\\*\\)\\$?";
    private static final Pattern FORBIDDEN = Pattern.compile("^((?:\\^|[A-Za-z0-9/_-]|\\\\.)*)\\(\\?!([^()]*)\\)(.*)$");

    private final SiteDraft site;
    private final List<ApacheCondition> conditions = new ArrayList<>();
    private final List<RuleDraft> last = new ArrayList<>();
    private boolean inFolder;
    private boolean isOff;
    private boolean onlyMissing;
    private String base = "/";

    ApacheRewrites(SiteDraft site, boolean isHost) {
        this.site = site;
        this.inFolder = !isHost;
    }

    void inFolder(boolean is) {
        inFolder = is;
    }

    /** Adds what is asked after all other rules. */
    void end() {
        site.rules.addAll(last);
        last.clear();
        onlyMissing = false;
    }

    void take(Directive one) {
        switch (one.name()) {
            case "rewriteengine" -> isOff = one.arg(0).equalsIgnoreCase("off");
            case "rewritebase" -> base = one.arg(0).endsWith("/") ? one.arg(0) : one.arg(0) + "/";
            case "rewritecond" -> {
                String flags = ApacheFlags.of(one.arg(2));
                conditions.add(new ApacheCondition(
                        one.arg(0),
                        one.arg(1),
                        flags.contains(",NC,") || flags.contains(",NOCASE,"),
                        flags.contains(",OR,") || flags.contains(",ORNEXT,"),
                        one));
            }
            default -> {
                if (!isOff) {
                    rule(one);
                }
                conditions.clear();
            }
        }
    }

    private void rule(Directive one) {
        String pattern = one.arg(0);
        String target = one.arg(1);
        String flags = ApacheFlags.of(one.arg(2));
        int status = ApacheFlags.status(flags);
        boolean isNothing = target.equals("-") && status == 0;
        boolean isOfPacked = target.contains(".gz")
                || target.contains(".br")
                || pattern.contains("\\.gz")
                || pattern.contains("\\.br");
        if (status < 400 && isOfPacked) {
            site.precompressed.add(target.contains(".br") || pattern.contains("\\.br") ? "br" : "gzip");
            return;
        }
        if (isNothing && one.arg(2).matches("(?i).*HTTP_AUTHORIZATION.*")) {
            site.notes.needless(one.origin(), "Relais passes all fields to PHP");
            return;
        }
        if (isNothing && flags.contains(",E=BASE:")) {
            site.notes.needless(one.origin(), "Relais has SCRIPT_NAME with the mount");
            return;
        }
        if (isNothing && flags.matches(".*,E(NV)?=.*|.*,T(YPE)?=.*|.*,CO(OKIE)?=.*")) {
            site.notes.lost(one.origin(), "Relais has no variables of its own");
            return;
        }
        if (isNothing && pattern.matches(ALL) && areOnlyFiles()) {
            onlyMissing = true; // what follows holds where nothing is
            return;
        }
        if (flags.contains(",P,")
                || flags.contains(",PROXY,")
                || flags.matches(".*,S(KIP)?=.*|.*,C(HAIN)?,.*|.*,N(EXT)?(=.*)?,.*")) {
            ApacheKnown.tell(one, site.notes);
            return;
        }
        List<ApacheMatch> matched = matched(one, status);
        for (ApacheMatch each : matched) {
            apply(one, each, target, flags, status, isNothing);
        }
    }

    /** Conditions that ask whether something is there. */
    private boolean areOnlyFiles() {
        return !conditions.isEmpty() && conditions.stream().allMatch(each -> each.isFile() && !each.isNegated());
    }

    /** One for each choice of its conditions; none when something cannot be said, of which is told. */
    private List<ApacheMatch> matched(Directive one, int status) {
        boolean whenMissing = onlyMissing;
        List<String> hosts = new ArrayList<>();
        List<String> paths = new ArrayList<>();
        List<String> excepted = new ArrayList<>();
        for (ApacheCondition each : conditions) {
            String what = each.what();
            if (each.isFile() && each.isNegated()) {
                whenMissing = true;
            } else if (what.equals("%{ENV:REDIRECT_STATUS}") && each.bare().matches("\\^\\$|=\"?\"?|200")
                    || each.pattern().equals(".") && what.equals("%{HTTP_HOST}")) {
                continue; // a rule is asked once anyhow
            } else if (what.equals("%{REQUEST_URI}") && each.regex() != null) {
                (each.isNegated() ? excepted : paths).add(each.regex());
            } else if (what.equals("%{HTTP_HOST}")
                    && !each.isNegated()
                    && !each.names().isEmpty()) {
                hosts.addAll(each.names());
            } else {
                untold(one, each, status);
                return List.of();
            }
        }
        String pattern = one.arg(0);
        String flags = ApacheFlags.of(one.arg(2));
        boolean isAll = pattern.matches(ALL);
        String own = pattern.startsWith("!") ? null : sayable(one, pattern);
        if (own == null) {
            ApacheKnown.tell(one, site.notes);
            return List.of();
        }
        own = (flags.contains(",NC,") ? "(?i)" : "") + own;
        if (!paths.isEmpty() && !isAll) {
            ApacheKnown.tell(one, site.notes);
            return List.of();
        }
        List<ApacheMatch> all = new ArrayList<>();
        for (String regex : paths.isEmpty() ? List.of(own) : paths) {
            all.add(new ApacheMatch(regex, paths.isEmpty() && isAll, !paths.isEmpty(), whenMissing, hosts, excepted));
        }
        return all;
    }

    private void untold(Directive one, ApacheCondition each, int status) {
        boolean isScheme = each.what()
                .matches("%\\{(HTTPS|SERVER_PORT|HTTP:X-Forwarded-Proto|HTTP:X-Forwarded-SSL|REQUEST_SCHEME)}");
        if (isScheme && status > 0 && status < 400) {
            site.notes.lost(one.origin(), "quarkus.http.insecure-requests=redirect leads all from http to https");
        } else if (status >= 400) {
            site.notes.guard(one.origin(), "there is no key for its condition on " + each.what());
        } else {
            site.notes.lost(one.origin(), "there is no key for its condition on " + each.what());
        }
    }

    /** An expression as rules have it, after one that spares what a look-ahead forbids; null when it cannot be said. */
    private @Nullable String sayable(Directive one, String pattern) {
        String regex = Re2.of(absolute(pattern));
        Matcher forbidden = FORBIDDEN.matcher(pattern);
        boolean isRefusal = ApacheFlags.status(ApacheFlags.of(one.arg(2))) >= 400;
        if (regex == null && forbidden.matches() && !isRefusal) {
            String spared = Re2.of(absolute(forbidden.group(1) + "(?:" + forbidden.group(2) + ")"));
            regex = Re2.of(absolute(forbidden.group(1) + forbidden.group(3)));
            if (spared != null && regex != null) {
                site.rules.add(RuleDraft.stay(spared));
            }
        }
        if (regex == null && isRefusal) {
            return refusedGlobs(pattern) == null ? null : "^";
        }
        return regex;
    }

    /** With the slash that a folder's patterns do not see. */
    private String absolute(String pattern) {
        if (!inFolder) {
            return pattern;
        }
        StringBuilder absolute = new StringBuilder();
        boolean inSet = false;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            absolute.append(c);
            if (c == '\\' && i + 1 < pattern.length()) {
                absolute.append(pattern.charAt(++i));
            } else if (c == '[') {
                inSet = true;
            } else if (c == ']') {
                inSet = false;
            } else if (c == '^' && !inSet) {
                absolute.append('/');
            }
        }
        return absolute.toString();
    }

    private @Nullable PathGlobs refusedGlobs(String pattern) {
        RegexParts.Parts parts = RegexParts.of(absolute(pattern));
        if (parts == null) {
            return null;
        }
        List<String> seen =
                parts.texts().stream().filter(text -> !PathGlobs.isHidden(text)).toList();
        boolean isExact = parts.isExact()
                || seen.size() < parts.texts().size() && seen.stream().allMatch(text -> text.length() > 2);
        PathGlobs globs = seen.isEmpty() ? new PathGlobs(List.of(), true) : PathGlobs.ofTexts(seen, isExact);
        return globs == null || !seen.isEmpty() && (globs.isAll() || !globs.isExact()) ? null : globs;
    }

    private void apply(Directive one, ApacheMatch each, String target, String flags, int status, boolean isNothing) {
        if (status >= 400) {
            refuse(one, each, status);
            return;
        }
        String path = target.replace("%{ENV:BASE}", "").replace("%{REQUEST_URI}", "{path}");
        boolean isFront = status == 0 && !isNothing && each.hosts().isEmpty() && (each.whenMissing() || each.isAll());
        if (isFront && front(one, each, path)) {
            return;
        }
        String self = each.regex().replace("\\", "");
        if (isNothing) {
            boolean isFrontItself = self.equals("^/index.php$");
            if (!isFrontItself) {
                site.rules.add(RuleDraft.stay(each.regex()));
            }
            return;
        }
        RuleDraft rule = each.built(path, status, base);
        String found = rule == null ? each.regex() : rule.match();
        List<String> open =
                each.excepted().stream().filter(regex -> mayFind(regex, found)).toList();
        if (rule == null || !open.isEmpty()) {
            site.notes.lost(
                    one.origin(),
                    rule == null
                            ? "its target has what rules have no word for"
                            : "rules have no condition that forbids");
            return;
        }
        if (flags.contains(",QSD,")) {
            site.notes.different(one.origin(), "the request's query stays");
        }
        site.rules.add(each.whenMissing() ? rule.ifMissing() : rule);
    }

    /** Whether an expression may find one of the paths that another one does. */
    private static boolean mayFind(String regex, String other) {
        RegexParts.Parts parts = RegexParts.of(other);
        return parts == null
                || parts.texts().stream()
                        .anyMatch(text -> text.chars().anyMatch(c -> c >= RegexParts.ANY && c <= RegexParts.ONE)
                                || Re2.mayFind(regex, text.replaceAll("[\uE003\uE004]", "")));
    }

    /** Whether it is the fallback, of the site or of a folder. */
    private boolean front(Directive one, ApacheMatch each, String target) {
        String absolute = target.startsWith("/") ? target : base + target;
        String script = absolute.replaceFirst("[?$%{].*", "").replaceFirst("/$", "");
        if (!script.matches("/[A-Za-z0-9_./-]+\\.(php|html?)")) {
            return false;
        }
        String rest = absolute.substring(script.length());
        boolean isPathInfo = rest.matches("/\\$1|/?\\{path}") && !each.fromCondition();
        if (!rest.isEmpty() && !rest.equals("?") && !isPathInfo) {
            return false;
        }
        String folder = each.fromCondition() ? each.regex().replaceAll("\\\\(.)", "$1") : "";
        boolean isFolder = folder.matches("\\^/([A-Za-z0-9_-]+/)+");
        if (!each.isAll() && !isFolder) {
            return false;
        }
        PathDraft path = isFolder ? site.path(folder.substring(2)) : site;
        path.fallback = script + (isPathInfo ? "{path}" : "");
        path.missingScripts = script.endsWith(".php") ? "fallback" : path.missingScripts;
        for (String regex : each.excepted()) {
            boolean isSelf = Re2.mayFind(regex, script);
            PathGlobs globs = isSelf ? null : PathGlobs.ofRegex(regex);
            if (globs != null && !globs.isAll()) {
                globs.folded().forEach(glob -> site.path(glob).fallback = "404");
            } else if (!isSelf) {
                site.notes.lost(one.origin(), "its condition !" + regex + " has no words as a pattern of paths");
            }
        }
        return true;
    }

    private void refuse(Directive one, ApacheMatch each, int status) {
        PathGlobs globs = refusedGlobs(one.arg(0));
        boolean isPlain = !each.fromCondition()
                && each.excepted().isEmpty()
                && each.hosts().isEmpty()
                && !each.isAll();
        if (globs != null && isPlain) {
            if (globs.isAll()) {
                site.notes.needless(
                        one.origin(), "Relais serves no name that begins with a dot, but those below /.well-known/");
            }
            site.deny.addAll(globs.globs());
            return;
        }
        List<RuleDraft> rules = each.excepted().isEmpty() ? site.rules : last;
        if (!each.excepted().isEmpty() && last.stream().anyMatch(rule -> rule.to() == null)) {
            site.notes.guard(one.origin(), "two refusals with exceptions cannot be said");
            return;
        }
        each.excepted().forEach(regex -> rules.add(RuleDraft.stay(regex)));
        rules.add(RuleDraft.refusal(each.regex(), status == 403 || status == 410 ? status : 404)
                .forHosts(each.hosts()));
    }
}
