package dev.relais.functions;

import java.util.ArrayList;
import java.util.List;

/** The forms that values in {@code functions.yaml} have. Each throws the problem with its remedy when a value has another form. */
final class ValueForms {
    private static final int MOST_METHODS = 32;

    private ValueForms() {}

    /** At least 1 ms. */
    static long durationMillis(YamlValue value) {
        String text = value.text();
        long millis = DurationText.millis(text);
        if (millis < 0 && text.matches("[0-9]{1,9}")) {
            throw value.problem("a duration needs a unit", "write " + text + "s or " + text + "ms");
        }
        if (millis < 0) {
            throw value.problem("not a duration", "write it like 300ms, 2s or 1m");
        }
        if (millis == 0) {
            throw value.problem("a function needs some time", "write at least 1ms");
        }
        return millis;
    }

    static List<String> methods(YamlValue value) {
        List<String> methods = new ArrayList<>();
        for (YamlValue method : value.items()) {
            if (!method.text().matches("[A-Z0-9!#$%&'*+.^_`|~-]{1,32}")) {
                throw method.problem("not an HTTP method", "write it in upper case, like GET");
            }
            methods.add(method.text());
        }
        if (methods.isEmpty() || methods.size() > MOST_METHODS) {
            throw value.problem("not a list of 1 to " + MOST_METHODS + " HTTP methods", "write it like [GET, POST]");
        }
        return methods;
    }
}
