package dev.relais.functions;

import dev.relais.ConfigurationProblem;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The value of {@code cache} in {@code functions.yaml}: {@code off}, or a map of the keys of {@link CacheSettings}. */
final class CacheKeys {
    private static final String KEYS =
            "ttl, negative, stale-while-revalidate, stale-if-error, stale-when-saturated, query, "
                    + "query-order, headers, cookies, files";
    private static final int MOST = 32;
    private static final int MOST_FILES = 1_000;
    private static final String NAME = "[A-Za-z0-9_-]{1,64}";

    private CacheKeys() {}

    /** The names of all keys. */
    static List<String> names() {
        return List.of(KEYS.split(", "));
    }

    /** @throws ConfigurationProblem when a key is unknown or its value is wrong */
    static CacheSettings read(YamlValue value) {
        if (value.text().equals("off")) {
            return CacheSettings.OFF;
        }
        if (!value.text().isEmpty()) {
            throw value.problem("neither off nor a map of keys and values", "write cache: off, or keys below it");
        }
        Map<String, YamlValue> entries = value.entries();
        if (entries.isEmpty()) {
            throw value.problem("says nothing", "write cache: off, or keys below it, or remove it");
        }
        entries.forEach((name, entry) -> {
            if (!names().contains(name)) {
                throw entry.keyProblem("unknown key", "the keys of cache are " + KEYS);
            }
        });
        return new CacheSettings(
                false,
                seconds(entries.get("ttl")),
                seconds(entries.get("negative")),
                seconds(entries.get("stale-while-revalidate")),
                seconds(entries.get("stale-if-error")),
                saturated(entries.get("stale-when-saturated")),
                names(entries.get("query"), "parameters", "[city]"),
                isSorted(entries.get("query-order")),
                headers(entries.get("headers")),
                names(entries.get("cookies"), "cookies", "[theme]"),
                files(entries.get("files")));
    }

    /** A duration of at least a second, because HTTP counts in seconds; -1 when nothing is said. */
    private static long seconds(@Nullable YamlValue value) {
        if (value == null) {
            return -1;
        }
        long millis = ValueForms.durationMillis(value);
        if (millis % 1000 != 0) {
            throw value.problem("not a whole number of seconds", "write it like 1s, 5m or 1h");
        }
        return millis;
    }

    private static long saturated(@Nullable YamlValue value) {
        return value != null && value.text().matches("0(ms|s|m|h)") ? 0 : seconds(value);
    }

    private static boolean isSorted(@Nullable YamlValue value) {
        if (value == null) {
            return false;
        }
        return switch (value.text()) {
            case "any" -> true;
            case "given" -> false;
            default -> throw value.problem("neither any nor given", "write query-order: any, or leave it out");
        };
    }

    /** Names that PHP reads as they are; an empty list says that none counts. Null when nothing is said. */
    private static @Nullable List<String> names(@Nullable YamlValue value, String what, String example) {
        if (value == null || value.isEmptyList()) {
            return value == null ? null : List.of();
        }
        return ValueForms.list(value, MOST, what, example, name -> {
            if (!name.text().matches(NAME)) {
                throw name.problem("not a name of letters, digits, - and _", "write it as PHP reads it");
            }
            return name.text();
        });
    }

    private static List<String> headers(@Nullable YamlValue value) {
        if (value == null) {
            return List.of();
        }
        return ValueForms.list(value, MOST, "request fields", "[Accept-Language]", name -> {
            String lower = name.text().toLowerCase(Locale.ROOT);
            if (!lower.matches("[a-z0-9!#$%&'*+.^_`|~-]{1,64}")) {
                throw name.problem("not the name of a field", "write it like Accept-Language");
            }
            if (lower.equals("cookie") || lower.equals("authorization")) {
                throw name.problem("would keep an answer for each client", "name cookies in cookies, or remove it");
            }
            return lower;
        });
    }

    private static @Nullable List<String> files(@Nullable YamlValue value) {
        if (value == null) {
            return null;
        }
        return ValueForms.list(value, MOST_FILES, "files or folders", "[weather.php, lib/]", file -> {
            String text = file.text();
            if (text.isEmpty()
                    || text.startsWith("/")
                    || text.matches("(.*/)?\\.\\.?(/.*)?")
                    || text.indexOf('\0') >= 0) {
                throw file.problem("not a path in the functions directory", "write it like lib/ or weather.php");
            }
            return text;
        });
    }
}
