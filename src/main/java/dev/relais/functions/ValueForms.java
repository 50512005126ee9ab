package dev.relais.functions;

import dev.relais.Digits;
import dev.relais.DurationText;
import dev.relais.FileNames;
import dev.relais.admission.Limits;
import dev.relais.sites.DenyList;
import dev.relais.sites.Glob;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

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

    /** A number of bytes, such as {@code 64M}; K, M and G are powers of 1024. */
    static long bytes(YamlValue value) {
        String text = value.text();
        if (!text.matches("[0-9]{1,9}[KMG]?")) {
            throw value.problem("not a size", "write it like 512K, 64M or 10G");
        }
        int shift = " KMG".indexOf(text.charAt(text.length() - 1)) * 10;
        return shift < 0 ? Long.parseLong(text) : Long.parseLong(text.substring(0, text.length() - 1)) << shift;
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
        return new DenyList(globs(value, ""));
    }

    /**
     * A list of patterns.
     *
     * @param below the folder, with a slash at its end, below which they mean something; empty for the root
     */
    static List<Glob> globs(YamlValue value, String below) {
        return list(value, MOST_ENTRIES, "paths in the folder", "[data/, conf/]", entry -> {
            Glob glob = below.isEmpty() || entry.text().startsWith("/")
                    ? Glob.parse(entry.text())
                    : Glob.below(below, entry.text());
            if (glob == null) {
                throw entry.problem(
                        "not a pattern of paths in the folder",
                        "write data/ for a folder, x.php for a file, *.txt, sites/*/private/ or **/cache/");
            }
            return glob;
        });
    }

    static Path folder(YamlValue folder) {
        if (!folder.text().startsWith("/") || folder.text().indexOf('\0') >= 0) {
            throw folder.problem("not an absolute path", "write the whole path of a folder");
        }
        try {
            return Path.of(folder.text());
        } catch (InvalidPathException e) {
            throw folder.problem("not a name that can be looked up with this locale", FileNames.REMEDY);
        }
    }

    /** The path of a PHP script in a folder, relative to it. */
    static String script(YamlValue value) {
        String text = value.text();
        if (!text.matches("[^\\\\*?{},\\p{Cntrl}]{1,500}") || text.matches("(.*/)?\\.{0,2}(/.*)?")) {
            throw value.problem("not a path in the function's folder", "write it like worker.php or bin/worker.php");
        }
        if (!FunctionNames.isScript(text.substring(text.lastIndexOf('/') + 1))) {
            throw value.problem("not a PHP script", "name a file whose name ends in " + FunctionNames.EXTENSION);
        }
        try {
            return Path.of(text).toString();
        } catch (InvalidPathException e) {
            throw value.problem("not a name that can be looked up with this locale", FileNames.REMEDY);
        }
    }

    static List<Path> folders(YamlValue value) {
        return list(value, MOST_ENTRIES, "folders", "[/usr/share/app]", ValueForms::folder);
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
        return list(value, MOST_METHODS, "HTTP methods", "[GET, POST]", method -> {
            if (!method.text().matches("[A-Z0-9!#$%&'*+.^_`|~-]{1,32}")) {
                throw method.problem("not an HTTP method", "write it in upper case, like GET");
            }
            return method.text();
        });
    }

    /** A list of what follows a function's name in request targets; each item is a path, a query, both, or nothing. */
    static List<String> requests(YamlValue value) {
        return list(value, MOST_ENTRIES, "requests", "[\"?city=Rome\"]", request -> {
            if (!request.text().matches("([/?][!-~&&[^#]]{0,2000})?")) {
                throw request.problem("not a path or query behind the function's name", "write /path, ?a=b or both");
            }
            return request.text();
        });
    }

    /**
     * A list of at least one item.
     *
     * @param most how many items it may have
     * @param what the items, for the problem
     * @param example how the list may look
     * @param item reads one item, or throws its problem
     */
    static <T> List<T> list(YamlValue value, int most, String what, String example, Function<YamlValue, T> item) {
        List<T> list = new ArrayList<>();
        for (YamlValue each : value.items()) {
            list.add(item.apply(each));
        }
        if (list.isEmpty() || list.size() > most) {
            throw value.problem("not a list of 1 to " + most + " " + what, "write it like " + example);
        }
        return list;
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
