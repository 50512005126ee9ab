package dev.relais.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A {@code RewriteCond}.
 *
 * @param what is asked about, such as {@code %{REQUEST_URI}}
 * @param pattern with an exclamation mark when it must not fit
 * @param isOr whether the next one may fit in its place
 */
record ApacheCondition(String what, String pattern, boolean ignoresCase, boolean isOr, Directive by) {
    boolean isNegated() {
        return pattern.startsWith("!");
    }

    String bare() {
        return isNegated() ? pattern.substring(1) : pattern;
    }

    /** As a regular expression. */
    @Nullable
    String regex() {
        String text = bare();
        if (text.startsWith("=")) {
            return "^" + Re2.quote(text.substring(1).replace("\"", "")) + "$";
        }
        String regex = Re2.of(text);
        return regex == null ? null : (ignoresCase ? "(?i)" : "") + regex;
    }

    /** Whether it asks for what is there. */
    boolean isFile() {
        return what.matches("(%\\{DOCUMENT_ROOT}/?)?(%\\{(REQUEST_FILENAME|SCRIPT_FILENAME|REQUEST_URI)}|\\$1)(/)?")
                && bare().matches("-[fdlsFU]");
    }

    /** Names that a condition on the host finds; empty when it finds others, too. */
    List<String> names() {
        RegexParts.Parts parts = bare().startsWith("=") ? null : RegexParts.of(bare());
        List<String> texts = bare().startsWith("=")
                ? List.of(RegexParts.BEGIN + bare().substring(1) + RegexParts.END)
                : parts == null || !parts.isExact() ? List.of() : parts.texts();
        List<String> names = new ArrayList<>();
        for (String text : texts) {
            String name = text.replaceAll("[" + RegexParts.BEGIN + RegexParts.END + "]", "")
                    .replace(RegexParts.ONE, '.')
                    .toLowerCase(Locale.ROOT);
            boolean isWhole = text.indexOf(RegexParts.BEGIN) == 0 && text.indexOf(RegexParts.END) == text.length() - 1;
            if (!isWhole || !name.matches("[a-z0-9.-]+")) {
                return List.of();
            }
            names.add(name);
        }
        return names;
    }
}
