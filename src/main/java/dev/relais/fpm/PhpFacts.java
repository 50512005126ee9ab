package dev.relais.fpm;

import dev.relais.EditDistance;
import dev.relais.process.Command;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings that are in force in the workers' PHP, including those of php.ini, as {@link Preload} or {@code php-fpm -i} prints
 * them. Immutable.
 *
 * @param values the values by name, without settings that have no value; empty when PHP has printed none
 * @param told whether PHP has printed its settings
 */
record PhpFacts(Map<String, String> values, boolean told) {
    /** A line {@code name => value in scripts => value of the master}. Other lines of this form are no settings and do no harm. */
    private static final Pattern LINE = Pattern.compile("(?m)^([A-Za-z][\\w.-]*) => (.*) => (.*)$");

    private static final String NONE = "no value";

    PhpFacts {
        values = Map.copyOf(values);
    }

    /** Asks the program, with the settings of this launch but without a preload. Blocks for about a tenth of a second. */
    static PhpFacts ask(FpmLaunch launch, Command command) {
        List<String> line = launch.command("-i");
        line.addAll(List.of("-d", "opcache.preload="));
        return of(command.run(line, launch.environment()).output());
    }

    /** What {@code php-fpm -i} has printed. */
    static PhpFacts of(String output) {
        Map<String, String> values = new HashMap<>();
        Matcher lines = LINE.matcher(output);
        while (lines.find()) {
            values.put(lines.group(1), lines.group(3).strip());
        }
        return of(values);
    }

    /** These settings; none are no answer. */
    static PhpFacts of(Map<String, String> values) {
        return new PhpFacts(values, values.containsKey("memory_limit"));
    }

    /** Whether this switch is on; PHP shows it by a word, and to a script by a number. */
    boolean isOn(String name) {
        String value = value(name);
        return value != null && (value.equals("On") || value.equals("1"));
    }

    /** The value of a setting; null when it is not set. */
    @Nullable
    String value(String name) {
        String value = values.get(name);
        return value == null || value.equals(NONE) || value.isBlank() ? null : value;
    }

    /** Whether there is a setting of this name; also true when PHP has not printed its settings. */
    boolean knows(String name) {
        return !told || values.containsKey(name);
    }

    /** Those of these names that are no setting, for which an extension may be missing. The two by which extensions are loaded are none either. */
    List<String> unknown(Iterable<String> names) {
        List<String> unknown = new ArrayList<>();
        for (String name : names) {
            if (!knows(name) && !name.equals("extension") && !name.equals("zend_extension")) {
                unknown.add(name);
            }
        }
        return unknown;
    }

    /** A setting whose name differs in one or two letters; null when there is none. */
    @Nullable
    String like(String name) {
        for (String known : values.keySet()) {
            if (Math.abs(known.length() - name.length()) <= 2 && EditDistance.between(known, name) <= 2) {
                return known;
            }
        }
        return null;
    }
}
