package dev.relais.migration;

import java.util.List;

/** Caddy's {@code header}, and {@code env}, which has the same form. */
final class CaddyHeaders {
    private CaddyHeaders() {}

    /**
     * Sets, or with a minus before its name removes, a field.
     *
     * @param isOfFiles whether the paths are those of files alone
     */
    static void set(
            SiteDraft site, Directive one, String written, List<String> values, PathDraft path, boolean isOfFiles) {
        String name = written.replaceFirst("^[-+?>]", "").replaceFirst(":$", "");
        if (written.startsWith("-")) {
            if (Fields.refusal(name, "x") == null && !name.contains("*")) {
                Fields.put(path.headers, name, null);
            } else {
                site.notes.lost(one.origin(), "is not the name of a field");
            }
            return;
        }
        String value = values.isEmpty() ? "" : values.get(0);
        String refusal = values.size() > 1 || value.matches(".*\\{[a-z].*")
                ? "Relais has no variables of its own, and changes no value"
                : Fields.set(path, name, value, isOfFiles);
        if (refusal != null) {
            site.notes.lost(one.origin(), refusal);
        }
    }

    /** An {@code env} of PHP. */
    static void variable(SiteDraft site, Directive inner) {
        String refusal = inner.arg(1).contains("{")
                ? "Relais has no variables of its own"
                : Variables.refusal(inner.arg(0), inner.arg(1));
        if (refusal == null) {
            site.variables.put(inner.arg(0), inner.arg(1));
        } else {
            site.notes.lost(inner.origin(), refusal);
        }
    }
}
