package dev.relais.accesslog;

import dev.relais.ConfigurationProblem;
import dev.relais.EditDistance;
import java.util.ArrayList;
import java.util.List;

/**
 * Lines by a pattern: text, and variables as {@code $status}, whose names are nginx' where it has such a one. What does not exist is
 * {@code -}. Immutable.
 */
final class LinePattern implements LineFormat {
    private static final String KEY = AccessLogConfig.PREFIX + "format";
    private static final String FIELD = "http_";
    private static final int MOST_CHARACTERS = 4096;

    private final LinePart[] parts;
    private final String[] fields;

    private LinePattern(List<LinePart> parts, List<String> fields) {
        this.parts = parts.toArray(LinePart[]::new);
        this.fields = fields.toArray(String[]::new);
    }

    /** @throws ConfigurationProblem when it has no variable, or one that does not exist, or other characters than visible ASCII */
    static LinePattern of(String pattern) {
        if (!pattern.chars().allMatch(c -> c >= ' ' && c <= '~') || pattern.length() > MOST_CHARACTERS) {
            throw new ConfigurationProblem(
                    KEY,
                    pattern,
                    "has more than " + MOST_CHARACTERS + " characters, or others than visible ASCII",
                    "shorten or replace them");
        }
        List<LinePart> parts = new ArrayList<>();
        List<String> fields = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < pattern.length()) {
            int end = pattern.charAt(at) == '$' ? nameEnd(pattern, at + 1) : at + 1;
            if (end <= at + 1) {
                text.append(pattern.charAt(at));
                at++;
                continue;
            }
            addText(parts, text);
            parts.add(variable(pattern, pattern.substring(at + 1, end), fields));
            at = end;
        }
        addText(parts, text);
        if (pattern.indexOf('$') < 0) {
            throw new ConfigurationProblem(
                    KEY,
                    pattern,
                    "is no format",
                    "set off, combined, json, or a pattern with variables such as $status");
        }
        return new LinePattern(parts, fields);
    }

    private static int nameEnd(String pattern, int from) {
        int end = from;
        while (end < pattern.length() && isOfName(pattern.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isOfName(char c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_';
    }

    private static void addText(List<LinePart> parts, StringBuilder text) {
        if (text.length() > 0) {
            String fixed = text.toString();
            text.setLength(0);
            parts.add((entry, line) -> line.plain(fixed));
        }
    }

    private static LinePart variable(String pattern, String name, List<String> fields) {
        if (name.startsWith(FIELD) && name.length() > FIELD.length()) {
            fields.add(name.substring(FIELD.length()).replace('_', '-'));
            int index = fields.size() - 1;
            return (entry, line) -> LinePart.text(line, entry.values()[index]);
        }
        if (name.equals("host")) {
            fields.add("host");
            int index = fields.size() - 1;
            return (entry, line) -> LinePart.text(line, entry.values()[index]);
        }
        LinePart part = LinePart.ALL.get(name);
        if (part == null) {
            throw new ConfigurationProblem(
                    KEY, pattern, "has $" + name + ", which does not exist", "did you mean $" + like(name) + "?");
        }
        return part;
    }

    private static String like(String name) {
        String best = "status";
        for (String other : LinePart.ALL.keySet()) {
            if (EditDistance.between(name, other) < EditDistance.between(name, best)) {
                best = other;
            }
        }
        return best;
    }

    @Override
    public String[] fields() {
        return fields.clone();
    }

    @Override
    public void write(Entry entry, Line line) {
        for (LinePart part : parts) {
            part.write(entry, line);
        }
    }
}
