package dev.relais.monitoring;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an expression of PromQL asks for. It has to be a valid one, which promtool and Prometheus check.
 *
 * @param selectors in their order
 * @param grouping the labels of its {@code by}, {@code without}, {@code on} and the like
 */
record Expression(List<Selector> selectors, Set<String> grouping) {
    /** @param matchers none when nothing is demanded of the labels */
    record Selector(String metric, List<Matches> matchers) {}

    /** @param value as it is written, for {@code =~} a regular expression */
    record Matches(String label, String value) {}

    private static final Pattern TOKEN = Pattern.compile(
            "(?<grouping>\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\((?<labels>[^)]*)\\))"
                    + "|(?<other>\\[[^]]*]|\"(?:[^\"\\\\]|\\\\.)*\"|\\b(?:and|or|unless|bool|offset)\\b|\\d[\\w.]*)"
                    + "|(?<function>\\w+)\\s*(?=\\(|by\\b|without\\b)"
                    + "|(?<metric>[a-zA-Z_:][\\w:]*)\\s*(?:\\{(?<matchers>[^}]*)})?"
                    + "|(?<operator>[-+*/%^()<>=!,\\s]+)");
    private static final Pattern MATCHER = Pattern.compile("\\s*(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"([^\"]*)\"\\s*(?:,|$)");

    static Expression parse(String text) {
        List<Selector> selectors = new ArrayList<>();
        Set<String> grouping = new TreeSet<>();
        Matcher token = TOKEN.matcher(text);
        int end = 0;
        while (end < text.length()) {
            if (!token.find(end) || token.start() != end) {
                throw new IllegalArgumentException("not understood from here on: " + text.substring(end));
            }
            end = token.end();
            if (token.group("grouping") != null) {
                for (String label : token.group("labels").split(",")) {
                    if (!label.isBlank()) {
                        grouping.add(label.strip());
                    }
                }
            } else if (token.group("metric") != null) {
                selectors.add(new Selector(token.group("metric"), matchers(token.group("matchers"))));
            }
        }
        return new Expression(selectors, grouping);
    }

    private static List<Matches> matchers(String text) {
        List<Matches> matchers = new ArrayList<>();
        Matcher matcher = MATCHER.matcher(text == null ? "" : text);
        int end = 0;
        while (text != null && end < text.length()) {
            if (!matcher.find(end) || matcher.start() != end) {
                throw new IllegalArgumentException("no matchers: " + text);
            }
            end = matcher.end();
            matchers.add(new Matches(matcher.group(1), matcher.group(2)));
        }
        return matchers;
    }
}
