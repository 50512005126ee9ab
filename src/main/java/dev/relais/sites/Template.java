package dev.relais.sites;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A target with gaps: {@code $1} to {@code $9} for the groups of a rule's pattern, {@code {path}} for the path below the mount,
 * {@code {uri}} for path and query as they were sent; where it is a path of this site, for what is below the mount. What fills a gap is percent-encoded: as a part of a path before the question mark,
 * as a parameter's value behind it. So no client can add a parameter, a host, a fragment or a line. Immutable.
 *
 * @param text as written
 * @param parts its texts and gaps, in their order
 */
public record Template(String text, List<Part> parts) {
    private static final int LONGEST = 2_000;
    private static final java.util.regex.Pattern GAP =
            java.util.regex.Pattern.compile("\\$(?:([1-9])|\\{([1-9])})|\\{(path|uri)}");
    private static final java.util.regex.Pattern LITERAL =
            java.util.regex.Pattern.compile("(?:[A-Za-z0-9\\-._~!&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*");
    private static final java.util.regex.Pattern ORIGIN =
            java.util.regex.Pattern.compile("(?i)(https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?)(.*)");

    /** What fills a gap. */
    enum Gap {
        NONE,
        GROUP,
        PATH,
        URI
    }

    /**
     * @param literal the text; empty for a gap
     * @param group its number, for a group
     * @param isValue whether it stands behind the question mark
     */
    record Part(String literal, Gap gap, int group, boolean isValue) {}

    public Template {
        parts = List.copyOf(parts);
    }

    /**
     * @param text a path, or an origin ({@code https://host}) with nothing, a path or a gap that is one behind it
     * @param pattern has the groups; null for none
     * @return null when it is no such target
     */
    public static @Nullable Template parse(String text, @Nullable Pattern pattern) {
        java.util.regex.Matcher origin = ORIGIN.matcher(text);
        boolean isOrigin = origin.matches();
        String rest = isOrigin ? origin.group(2) : text;
        boolean isPath =
                rest.startsWith("/") && !rest.startsWith("//") || rest.equals("{path}") || rest.equals("{uri}");
        if (text.length() > LONGEST || !isPath && !(isOrigin && rest.isEmpty())) {
            return null;
        }
        List<Part> parts = new ArrayList<>();
        if (isOrigin) {
            parts.add(new Part(origin.group(1), Gap.NONE, 0, false));
        }
        java.util.regex.Matcher gap = GAP.matcher(rest);
        int from = 0;
        boolean isValue = false;
        while (gap.find()) {
            String literal = rest.substring(from, gap.start());
            parts.add(new Part(literal, Gap.NONE, 0, isValue));
            isValue |= literal.indexOf('?') >= 0;
            String number = gap.group(1) == null ? gap.group(2) : gap.group(1);
            if (number == null) {
                parts.add(new Part("", Gap.valueOf(gap.group(3).toUpperCase(Locale.ROOT)), 0, isValue));
            } else if (pattern == null || Integer.parseInt(number) > pattern.groupCount()) {
                return null;
            } else {
                parts.add(new Part("", Gap.GROUP, Integer.parseInt(number), isValue));
            }
            from = gap.end();
        }
        parts.add(new Part(rest.substring(from), Gap.NONE, 0, isValue));
        int first = isOrigin ? 1 : 0;
        for (Part part : parts.subList(first, parts.size())) {
            if (!LITERAL.matcher(part.literal()).matches()) {
                return null;
            }
        }
        return new Template(text, parts);
    }

    /** Whether it leads to another origin. */
    public boolean isAbsolute() {
        return !text.startsWith("/") && !text.startsWith("{");
    }

    /** The texts up to the first gap or question mark: where a path begins that only a client completes. */
    String constantPath() {
        int gap = text.indexOf('{') < 0 ? text.length() : text.indexOf('{');
        int group = text.indexOf('$') < 0 ? text.length() : text.indexOf('$');
        int query = text.indexOf('?') < 0 ? text.length() : text.indexOf('?');
        return text.substring(0, Math.min(gap, Math.min(group, query)));
    }

    /**
     * The target, with the request's query behind it.
     *
     * @param groups of the rule's match; null for none
     * @param isMounted whether the site is below a mount, which its own targets do not have
     */
    String fill(Asked asked, @Nullable Matcher groups, boolean isMounted) {
        StringBuilder target = new StringBuilder();
        boolean hasQuery = false;
        boolean hasUri = false;
        for (Part part : parts) {
            target.append(part.literal());
            hasQuery |= part.literal().indexOf('?') >= 0;
            switch (part.gap()) {
                case NONE -> {}
                case GROUP -> group(asked, groups, part, target);
                case PATH -> put(asked.path(), asked.encodedSlash(), part, target);
                case URI -> {
                    hasUri = true;
                    if (part.isValue()) {
                        Encoding.value(asked.uri(), target);
                    } else if (isMounted && !isAbsolute()) {
                        below(asked, target);
                    } else {
                        target.append(asked.uri());
                    }
                }
            }
        }
        if (!hasUri && !asked.query().isEmpty()) {
            target.append(hasQuery ? '&' : '?').append(asked.query());
        }
        return target.toString();
    }

    /** The target below the mount, encoded again: as it was sent, the mount itself may be written in many ways. */
    private static void below(Asked asked, StringBuilder target) {
        Encoding.path(asked.path(), asked.encodedSlash(), target);
        if (!asked.query().isEmpty()) {
            target.append('?').append(asked.query());
        }
    }

    private static void group(Asked asked, @Nullable Matcher groups, Part part, StringBuilder target) {
        String value = groups == null ? null : groups.group(part.group());
        if (groups != null && value != null) {
            int start = groups.start(part.group());
            put(
                    value,
                    asked.hasEncodedSlash() ? Math.max(0, asked.encodedSlash() - start) : value.length(),
                    part,
                    target);
        }
    }

    private static void put(String value, int slashesTo, Part part, StringBuilder target) {
        if (part.isValue()) {
            Encoding.value(value, target);
        } else {
            Encoding.path(value, slashesTo, target);
        }
    }
}
