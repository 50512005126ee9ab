package dev.relais.migration;

/** {@code Options}, {@code SetEnv}, {@code LimitRequestBody} and {@code ErrorDocument}. */
final class ApacheValues {
    private final SiteDraft site;

    ApacheValues(SiteDraft site) {
        this.site = site;
    }

    void options(Directive one) {
        for (String option : one.args()) {
            if (option.matches("(?i)\\+?(Indexes)|All")) {
                site.notes.lost(one.origin(), "Relais lists no folder");
            } else if (option.matches("(?i)\\+?(FollowSymLinks|SymLinksIfOwnerMatch)")) {
                site.notes.different(one.origin(), "links that lead out of the root need allow-symlinks-to");
            } else if (option.matches("(?i)\\+?(MultiViews|Includes|IncludesNOEXEC)")) {
                site.notes.lost(one.origin(), "there is no key for it");
            } else {
                site.notes.needless(one.origin(), "Relais does so by itself, in one way");
            }
        }
    }

    void variable(Directive one) {
        String refusal = Variables.refusal(one.arg(0), one.arg(1));
        if (one.arg(0).matches("(?i)no-gzip|dont-vary|force-.*|nokeepalive|proxy-.*|ap_.*|no-.*")) {
            site.notes.needless(one.origin(), "it is for a module of Apache");
        } else if (refusal != null) {
            site.notes.lost(one.origin(), refusal);
        } else {
            site.variables.put(one.arg(0), one.arg(1));
        }
    }

    void size(Directive one, PathDraft path) {
        path.maxBodySize = Sizes.of(one.arg(0));
        if (path.maxBodySize == null) {
            ApacheKnown.tell(one, site.notes);
        }
    }

    void errorPage(Directive one, PathDraft path) {
        boolean isPath = one.arg(1).matches("(/(?!\\.\\.?(/|$))[^/%?${}\\s]+)+");
        if (one.arg(0).matches("403|404|405|410|503") && isPath) {
            path.errorPages.put(Integer.valueOf(one.arg(0)), one.arg(1));
        } else {
            ApacheKnown.tell(one, site.notes);
        }
    }
}
