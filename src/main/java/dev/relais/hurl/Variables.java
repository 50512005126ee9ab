package dev.relais.hurl;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The variables of one file: {@code host}, and what its entries capture. Not thread-safe. */
final class Variables {
    static final Pattern USE = Pattern.compile("\\{\\{\\s*([A-Za-z][A-Za-z0-9_-]*)\\s*}}");

    private final Map<String, String> values = new HashMap<>();

    /** A variable that is used and has no value. */
    static final class Unset extends Exception {
        private static final long serialVersionUID = 1;

        Unset(String name) {
            super("the variable " + name + " is not set: no entry before has captured it", null, false, false);
        }
    }

    void set(String name, String value) {
        values.put(name, value);
    }

    /** The text with the value of each variable in its place. */
    String filled(String text) throws Unset {
        if (!text.contains("{{")) {
            return text;
        }
        StringBuilder filled = new StringBuilder();
        Matcher use = USE.matcher(text);
        while (use.find()) {
            String value = values.get(use.group(1));
            if (value == null) {
                throw new Unset(use.group(1));
            }
            use.appendReplacement(filled, Matcher.quoteReplacement(value));
        }
        return use.appendTail(filled).toString();
    }
}
