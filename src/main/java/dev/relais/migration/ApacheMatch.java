package dev.relais.migration;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a rule is asked for.
 *
 * @param regex finds the paths, with their slash
 * @param fromCondition whether its groups are those of a condition
 * @param excepted finds paths that it is not asked for
 */
record ApacheMatch(
        String regex,
        boolean isAll,
        boolean fromCondition,
        boolean whenMissing,
        List<String> hosts,
        List<String> excepted) {

    /**
     * The rule with a target in Apache's words.
     *
     * @param base stands before targets without a slash
     * @return null when it cannot be said
     */
    @Nullable
    RuleDraft built(String target, int status, String base) {
        String groups = target.replaceAll("%([1-9])", fromCondition ? "\\$$1" : "%$1");
        String regex = this.regex;
        if (groups.startsWith("$1/") && regex.startsWith("^(.*)?/")
                || groups.startsWith("$1/") && regex.startsWith("^(.*)/")) {
            // What stands before it is empty at the site's root.
            regex = "^/" + regex.substring(regex.indexOf('/') + 1);
            StringBuilder lower = new StringBuilder();
            for (int i = 2; i < groups.length(); i++) {
                boolean isGroup =
                        groups.charAt(i) == '$' && i + 1 < groups.length() && Character.isDigit(groups.charAt(i + 1));
                lower.append(groups.charAt(i));
                if (isGroup) {
                    lower.append((char) (groups.charAt(++i) - 1));
                }
            }
            groups = lower.toString();
        }
        if (fromCondition && groups.startsWith("$1") && regex.matches("\\^?\\(\\.[+*]\\).*")) {
            regex = "^/" + regex.substring(regex.indexOf('('));
            groups = "/" + groups;
        }
        boolean isUrl = groups.matches("(?i)https?://[^/{$%\\s]+([/{].*)?");
        String whole = groups.startsWith("/") || groups.equals("{path}") || isUrl ? groups : base + groups;
        whole = whole.replaceFirst("\\?$", "");
        boolean isSayable = !whole.contains("%{")
                && !whole.matches(".*%[1-9](?![0-9A-Fa-f]).*")
                && !whole.matches(".*\\$[0{].*")
                && !whole.startsWith("//")
                && whole.matches("[\\x21-\\x7E]+")
                && !whole.contains("#");
        if (!isSayable
                || status == 0 && isUrl
                || status != 0 && (status < 301 || status > 308 || status == 304 || status == 305 || status == 306)) {
            return null;
        }
        return new RuleDraft(regex, whole, status, false, hosts);
    }
}
