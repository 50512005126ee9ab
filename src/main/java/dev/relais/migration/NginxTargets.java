package dev.relais.migration;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Targets with nginx' variables, in the words of {@code rules} and {@code fallback}. */
final class NginxTargets {
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{([A-Za-z0-9_]+)}|([A-Za-z0-9_]+))");
    private static final Pattern OWN_ORIGIN =
            Pattern.compile("^(?:\\$scheme|https?)://(?:\\$host|\\$http_host|\\$\\{host})(?::\\$server_port)?(?=[/$])");
    private static final Pattern QUERY =
            Pattern.compile("(?:\\?|&)?\\$is_args\\$(?:args|query_string)$|[?&]\\$(?:args|query_string)$|\\$is_args$");

    private NginxTargets() {}

    /**
     * @param text as nginx has it
     * @param regex has the groups; null for none
     * @param hosts of the server, of which the first is {@code $server_name}
     * @return null when there is no word for something in it
     */
    static @Nullable String of(String text, @Nullable String regex, List<String> hosts) {
        String target = text;
        if (!hosts.isEmpty()) {
            target = target.replace("$server_name", hosts.get(0));
        }
        target = OWN_ORIGIN.matcher(target).replaceFirst("");
        target = target.startsWith("$scheme://") ? "https" + target.substring("$scheme".length()) : target;
        target = filled(withoutQuery(target), regex);
        if (target == null) {
            return null;
        }
        boolean isUrl = target.matches("(?i)https?://[^/{$?]+([/{?$].*)?");
        if (isUrl) {
            String origin = target.replaceFirst("^([A-Za-z]+://[^/{$?]+).*$", "$1");
            return origin.toLowerCase(Locale.ROOT) + target.substring(origin.length());
        }
        boolean isPath =
                target.startsWith("/") && !target.startsWith("//") || target.equals("{path}") || target.equals("{uri}");
        return isPath ? target : null;
    }

    /** Without the request's query at the end, which Relais adds by itself. */
    static String withoutQuery(String target) {
        String rest = QUERY.matcher(target).replaceFirst("");
        return rest.endsWith("?") || rest.endsWith("&") ? rest.substring(0, rest.length() - 1) : rest;
    }

    private static @Nullable String filled(String target, @Nullable String regex) {
        Matcher variable = VARIABLE.matcher(target);
        StringBuilder filled = new StringBuilder();
        while (variable.find()) {
            String name = variable.group(1) == null ? variable.group(2) : variable.group(1);
            String gap = gap(name, regex);
            if (gap == null) {
                return null;
            }
            variable.appendReplacement(filled, Matcher.quoteReplacement(gap));
        }
        return variable.appendTail(filled).toString();
    }

    private static @Nullable String gap(String name, @Nullable String regex) {
        if (name.matches("[1-9]")) {
            return regex != null && Re2.groups(regex) >= Integer.parseInt(name) ? "$" + name : null;
        }
        return switch (name) {
            case "uri", "document_uri" -> "{path}";
            case "request_uri" -> "{uri}";
            default -> null;
        };
    }

    /** Whether a text has a variable. */
    static boolean isConstant(String text) {
        return text.indexOf('$') < 0;
    }
}
