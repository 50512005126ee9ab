package dev.relais.migration;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The flags of a {@code RewriteRule}. */
final class ApacheFlags {
    private ApacheFlags() {}

    /** {@code ,L,R=301,}: without white space, in upper case. */
    static String of(String text) {
        return ","
                + text.replaceFirst("^\\[", "")
                        .replaceFirst("]$", "")
                        .replaceAll("\\s", "")
                        .toUpperCase(Locale.ROOT) + ",";
    }

    /** Of a redirect or a refusal; 0 when it is neither. */
    static int status(String flags) {
        if (flags.contains(",F,") || flags.contains(",FORBIDDEN,")) {
            return 403;
        }
        if (flags.contains(",G,") || flags.contains(",GONE,")) {
            return 410;
        }
        Matcher redirect = Pattern.compile(",R(?:EDIRECT)?(?:=([A-Z0-9]+))?,").matcher(flags);
        if (!redirect.find()) {
            return 0;
        }
        String code = redirect.group(1) == null ? "302" : redirect.group(1);
        return switch (code) {
            case "PERMANENT" -> 301;
            case "TEMP" -> 302;
            case "SEEOTHER" -> 303;
            default -> code.matches("[1-5][0-9]{2}") ? Integer.parseInt(code) : 302;
        };
    }
}
