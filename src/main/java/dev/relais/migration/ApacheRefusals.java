package dev.relais.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whoever is kept out of a section of a configuration for Apache, by whatever directive. Not thread-safe. */
final class ApacheRefusals {
    private final SiteDraft site;

    ApacheRefusals(SiteDraft site) {
        this.site = site;
    }

    void read(List<Directive> all, ApacheScope scope) {
        boolean order = false;
        boolean allowed = false;
        boolean closed = false;
        List<Directive> some = new ArrayList<>();
        for (Directive one : all) {
            String text = one.joined().toLowerCase(Locale.ROOT);
            boolean isAll = one.is("require") && text.equals("all denied") || one.is("deny") && text.equals("from all");
            switch (one.name()) {
                case "require", "deny" -> {
                    closed |= isAll;
                    if (ApacheKnown.guards(one) && !isAll) {
                        some.add(one);
                    }
                }
                case "order" -> order |= text.replace(" ", "").equals("allow,deny");
                case "allow" -> {
                    allowed = true;
                    if (ApacheKnown.guards(one)) {
                        some.add(one);
                    }
                }
                case "requireall", "requireany", "requirenone", "satisfy" -> some.add(one);
                default -> {}
            }
        }
        List<String> addresses = Addresses.ofRequire(some);
        if (!addresses.isEmpty() && !closed && scope.globs() != null) {
            scope.path().get().allowFrom.addAll(addresses);
            return;
        }
        boolean refused = closed || order && !allowed;
        boolean closes = refused
                && close(
                        scope,
                        all.stream().filter(ApacheKnown::guards).findFirst().orElse(null));
        for (Directive one : some) {
            if (!closes) {
                ApacheKnown.tell(one, site.notes);
            } else if (!one.is("deny")) { // which nobody misses where all are kept out
                site.notes.guard(one.origin(), "there is no key for who may come in; here it is closed for all");
            }
        }
    }

    /** Whether it could be said. */
    boolean close(ApacheScope scope, @Nullable Directive by) {
        Origin origin = by == null ? new Origin("", 0, "order", "order allow,deny") : by.origin();
        if (scope.isWhole()) {
            site.notes.guard(
                    origin, "it closes the whole folder; leave the site out, or deny its folder in the site above it");
            return false;
        }
        List<String> globs = scope.globs();
        if (globs != null) {
            boolean isScripts = globs.stream().allMatch(glob -> glob.matches("\\*\\.(p[ht].*|php.*)"));
            if (isScripts) {
                site.scripts = "none"; // and not the fallback's, which is another thing
                site.fallback = "404";
            } else {
                site.deny.addAll(globs);
            }
            return true;
        }
        if (scope.regex() != null) {
            site.rules.add(RuleDraft.refusal(scope.regex(), 403));
            return true;
        }
        site.notes.guard(origin, "neither deny nor rules have words for its section's expression");
        return false;
    }
}
