package dev.relais.functions;

import dev.relais.Digits;
import dev.relais.DurationText;
import dev.relais.admission.Limits;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the values in {@code functions.yaml}, with a method for each form. Each method throws a
 * {@link dev.relais.ConfigurationProblem} with a remedy when a value has another form.
 */
final class ValueForms {
    private static final int MOST_METHODS = 32;
    private static final int MOST_ENTRIES = 100;

    private ValueForms() {}

    /** A duration of at least 1 ms, in milliseconds. */
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
            throw value.problem("no time at all", "write at least 1ms");
        }
        return millis;
    }

    static boolean bool(YamlValue value) {
        return switch (value.text()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw value.problem("neither true nor false", "write true or false");
        };
    }

    static OnAbort onAbort(YamlValue value) {
        return switch (value.text()) {
            case "default" -> OnAbort.DEFAULT;
            case "finish" -> OnAbort.FINISH;
            case "end" -> OnAbort.END;
            default -> throw value.problem("not what can be done", "write default, finish or end");
        };
    }

    static DenyList denyList(YamlValue value) {
        List<String> entries = new ArrayList<>();
        for (YamlValue entry : value.items()) {
            String normalised = DenyList.normalised(entry.text());
            if (normalised == null) {
                throw entry.problem("not something to deny", "write data/ for a folder, x.php for a file, or *.txt");
            }
            entries.add(normalised);
        }
        if (entries.isEmpty() || entries.size() > MOST_ENTRIES) {
            throw value.problem(
                    "not a list of 1 to " + MOST_ENTRIES + " paths in the folder", "write it like [data/, conf/]");
        }
        return new DenyList(entries);
    }

    static List<Path> folders(YamlValue value) {
        List<Path> folders = new ArrayList<>();
        for (YamlValue folder : value.items()) {
            if (!folder.text().startsWith("/") || folder.text().indexOf('\0') >= 0) {
                throw folder.problem("not an absolute path", "write the whole path of a folder");
            }
            try {
                folders.add(Path.of(folder.text()));
            } catch (InvalidPathException e) {
                throw folder.problem("not a name that can be looked up with this locale", FileNames.REMEDY);
            }
        }
        if (folders.isEmpty() || folders.size() > MOST_ENTRIES) {
            throw value.problem("not a list of 1 to " + MOST_ENTRIES + " folders", "write it like [/usr/share/app]");
        }
        return folders;
    }

    /** A whole number from {@code least} to a million. */
    static int count(YamlValue value, int least) {
        return number(value, least, 1_000_000);
    }

    static int priority(YamlValue value) {
        return number(value, Limits.LOWEST_PRIORITY, Limits.HIGHEST_PRIORITY);
    }

    private static int number(YamlValue value, int least, int most) {
        long number = Digits.parse(value.text(), most);
        if (number < least || number > most) {
            throw value.problem("not a whole number from " + least + " to " + most, "write one");
        }
        return (int) number;
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

    /** A list of what follows a function's name in request targets; each item is a path, a query, both, or nothing. */
    static List<String> requests(YamlValue value) {
        List<String> requests = new ArrayList<>();
        for (YamlValue request : value.items()) {
            if (!request.text().matches("([/?][!-~&&[^#]]{0,2000})?")) {
                throw request.problem("not a path or query behind the function's name", "write /path, ?a=b or both");
            }
            requests.add(request.text());
        }
        if (requests.isEmpty() || requests.size() > MOST_ENTRIES) {
            throw value.problem("not a list of 1 to " + MOST_ENTRIES + " requests", "write it like [\"?city=Rome\"]");
        }
        return requests;
    }

    /** {@code stream} (true) or {@code buffer} (false). */
    static boolean bodyIsStreamed(YamlValue value) {
        return switch (value.text()) {
            case "stream" -> true;
            case "buffer" -> false;
            default -> throw value.problem("neither buffer nor stream", "write body: stream or leave it out");
        };
    }
}
