package dev.relais.functions;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.relais.AddressRanges;
import dev.relais.Digits;
import dev.relais.sites.Fallback;
import dev.relais.sites.Scripts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Matcher;

/** Reads the values of a site's keys, with a method for each form, as {@link ValueForms} does for functions. */
final class SiteForms {
    /** What a rule's pattern may take, so that a rule costs microseconds: RE2's instructions. */
    private static final int LARGEST_PROGRAM = 2_000;

    private static final int MOST = 1_000;
    private static final int LONGEST_PATTERN = 1_000;
    private static final java.util.regex.Pattern HOST = java.util.regex.Pattern.compile(
            "(\\*\\.)?[A-Za-z0-9_]([A-Za-z0-9_-]|\\.(?!\\.))*(?<!\\.)|\\[[0-9A-Fa-f:.]{2,45}\\]");
    private static final java.util.regex.Pattern AGE =
            java.util.regex.Pattern.compile("([0-9]{1,6})([smhdwy])( immutable)?");
    private static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}";

    private SiteForms() {}

    static List<String> hosts(YamlValue value) {
        return ValueForms.list(value, 10_000, "host names", "[www.example.org, \"*.example.com\"]", host -> {
            if (!HOST.matcher(host.text()).matches() || host.text().length() > 255) {
                throw host.problem("not a host name", "write it like www.example.org or *.example.com, without a port");
            }
            return host.text().toLowerCase(Locale.ROOT);
        });
    }

    /** Without the slash at its end. */
    static String mount(YamlValue value) {
        String text = value.text();
        if (!text.matches("/|(/(?!\\.\\.?(/|$))[A-Za-z0-9._~-]+)+/?") || text.length() > 255) {
            throw value.problem("not a path to mount a site at", "write it like /blog, of letters, digits and ._~-");
        }
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    static List<String> index(YamlValue value) {
        return ValueForms.list(value, 16, "names of files", "[index.php, index.html]", name -> {
            if (!name.text().matches("[^/\\\\\\p{Cntrl}]{1,255}") || name.text().startsWith(".")) {
                throw name.problem("not the name of a file", "write it like index.php");
            }
            return name.text();
        });
    }

    static Fallback fallback(YamlValue value) {
        Fallback fallback = Fallback.parse(value.text());
        if (fallback == null) {
            throw value.problem(
                    "neither a script, a file nor 404",
                    "write it like /index.php, /index.php{path}, /doku.php?id={path}, /index.html or 404");
        }
        return fallback;
    }

    /** @param below the folder that the list is about, with a slash at its end; empty for the root */
    static Scripts scripts(YamlValue value, String below) {
        return switch (value.text()) {
            case "all" -> Scripts.ALL;
            case "none" -> Scripts.NONE;
            default -> {
                if (!value.isList()) {
                    throw value.problem(
                            "neither all, none nor a list", "write it like none or [index.php, \"core/*.php\"]");
                }
                yield new Scripts(ValueForms.globs(value, below));
            }
        };
    }

    static boolean https(YamlValue value) {
        return switch (value.text()) {
            case "off" -> false;
            case "redirect" -> true;
            default -> throw value.problem("neither redirect nor off", "write one of them");
        };
    }

    static boolean missingGoesToFallback(YamlValue value) {
        return switch (value.text()) {
            case "404" -> false;
            case "fallback" -> true;
            default -> throw value.problem("neither 404 nor fallback", "write one of them");
        };
    }

    /** Fields; an empty value removes one. */
    static Map<String, String> headers(YamlValue value) {
        return map(value, "X-Frame-Options: SAMEORIGIN", (name, field) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!name.matches(TOKEN)) {
                throw field.keyProblem("not the name of a field", "write it like X-Frame-Options");
            }
            if (lower.matches(
                            "content-(length|encoding|range)|transfer-encoding|connection|keep-alive|upgrade|trailer|te|date")
                    || lower.startsWith("x-accel-")) {
                throw field.keyProblem("Relais alone sets this field", "remove it");
            }
            if (field.isNull()) {
                return "";
            }
            if (!field.text().matches("[\\x20-\\x7E\\xA0-\\xFF\\t]{1,4000}")) {
                throw field.problem("not the value of a field", "write one line of text, or null to remove the field");
            }
            return field.text().strip();
        });
    }

    /** The value of Cache-Control; empty for none. */
    static String cacheControl(YamlValue value) {
        String text = value.text();
        if (text.equals("off")) {
            return "";
        }
        if (text.equals("no-store") || text.equals("no-cache")) {
            return text;
        }
        Matcher age = AGE.matcher(text);
        if (!age.matches()) {
            throw value.problem(
                    "not for how long files may be kept", "write it like 30d, 1y immutable, no-store or off");
        }
        long seconds = Long.parseLong(age.group(1))
                * switch (age.group(2)) {
                    case "s" -> 1;
                    case "m" -> 60;
                    case "h" -> 3_600;
                    case "d" -> 86_400;
                    case "w" -> 604_800;
                    default -> 31_536_000;
                };
        return "max-age=" + Math.min(seconds, Integer.MAX_VALUE) + (age.group(3) == null ? "" : ", immutable");
    }

    static Map<String, String> types(YamlValue value) {
        return map(value, "mjs: text/javascript", (extension, type) -> {
            if (!extension.matches("[a-z0-9_+-]{1,32}")) {
                throw type.keyProblem("not an extension in lower case", "write it like mjs, without a dot");
            }
            if (!type.text()
                    .matches(TOKEN + "/" + TOKEN + "( *; *" + TOKEN + "=(" + TOKEN + "|\"[^\"\\\\\\p{Cntrl}]*\"))*")) {
                throw type.problem("not a media type", "write it like text/javascript");
            }
            return type.text();
        });
    }

    static List<String> codings(YamlValue value) {
        return ValueForms.list(value, 3, "codings", "[br, gzip]", coding -> {
            if (!coding.text().matches("br|gzip|zstd")) {
                throw coding.problem("not a coding", "write br, gzip or zstd");
            }
            return coding.text();
        });
    }

    /** Codings in which Relais compresses; none for {@code off}. */
    static List<String> compress(YamlValue value) {
        if (value.text().equals("off")) {
            return List.of();
        }
        if (!value.isList()) {
            throw value.problem("neither off nor codings", "write [br, gzip], or off");
        }
        return ValueForms.list(value, 2, "codings", "[br, gzip]", coding -> {
            if (!coding.text().matches("br|gzip")) {
                throw coding.problem("no coding that files are compressed in", "write br or gzip, or off for none");
            }
            return coding.text();
        });
    }

    static Map<Integer, String> errorPages(YamlValue value) {
        Map<Integer, String> pages = new LinkedHashMap<>();
        map(value, "404: /404.html", (status, page) -> {
            if (!status.matches("403|404|405|410|503")) {
                throw page.keyProblem("no error that has a page", "write 403, 404, 405, 410 or 503");
            }
            Fallback target = Fallback.parse(page.text());
            String path = target == null || target.passesPath() || target.query() != null ? null : target.path();
            if (path == null) {
                throw page.problem("neither a script nor a file", "write it like /index.php or /404.html");
            }
            return pages.put(Integer.valueOf(status), path);
        });
        return pages;
    }

    static AddressRanges addresses(YamlValue value) {
        List<String> entries =
                ValueForms.list(value, MOST, "addresses or ranges", "[10.0.0.0/8, \"2001:db8::1\"]", entry -> {
                    try {
                        new AddressRanges(List.of(entry.text()));
                    } catch (IllegalArgumentException e) {
                        throw entry.problem(
                                "no address and no range",
                                "write it like 192.0.2.1 or 10.0.0.0/8; names are not looked up");
                    }
                    return entry.text();
                });
        return new AddressRanges(entries);
    }

    static Map<String, String> variables(YamlValue value) {
        Map<String, String> variables = map(value, "APP_ENV: prod", (name, variable) -> {
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]{0,127}")) {
                throw variable.keyProblem("not the name of a variable", "write it like APP_ENV");
            }
            if (name.startsWith("HTTP_")
                    || name.matches(
                            "SCRIPT_FILENAME|PHP_VALUE|PHP_ADMIN_VALUE|CONTENT_LENGTH|CONTENT_TYPE|REQUEST_METHOD")) {
                throw variable.keyProblem(
                        "this variable is the request's, or decides what runs", "choose another name, or remove it");
            }
            if (variable.isList()
                    || variable.text().length() > 8_000
                    || variable.text().indexOf('\0') >= 0) {
                throw variable.problem("not a text of at most 8000 characters", "shorten it");
            }
            return variable.text();
        });
        if (variables.values().stream().mapToInt(String::length).sum() > 16_000) {
            throw value.problem("more than 16000 characters in all", "shorten them");
        }
        return variables;
    }

    /** PHP's settings by name; an empty value leaves PHP its own. */
    static Map<String, String> php(YamlValue value) {
        return map(value, "memory_limit: 256M", (name, setting) -> {
            if (!name.matches("[a-z][a-z0-9_]*(\\.[A-Za-z0-9_]+)*")) {
                throw setting.keyProblem("not a setting of PHP", "write it like memory_limit");
            }
            if (name.matches(
                    "extension|zend_extension|extension_dir|auto_prepend_file|cgi\\..*|fastcgi\\..*|opcache\\..*|user_ini\\..*"
                            + "|disable_functions|disable_classes|register_argc_argv")) {
                throw setting.keyProblem(
                        "not a setting that one site can have",
                        "remove it, or set relais.workers.php-settings.\"" + name + "\" for all");
            }
            if (setting.isNull()) {
                return "";
            }
            String text = setting.text();
            if (setting.isList() || text.isBlank() || text.length() > 2_000 || text.matches("(?s).*['\\p{Cntrl}].*")) {
                throw setting.problem(
                        "not a value of a setting", "write one line without ', or null to leave it as PHP has it");
            }
            return text;
        });
    }

    /** A regular expression in the syntax of RE2. */
    static Pattern pattern(YamlValue value) {
        String text = value.text();
        if (text.isEmpty() || text.length() > LONGEST_PATTERN) {
            throw value.problem("not a pattern of 1 to " + LONGEST_PATTERN + " characters", "write one");
        }
        try {
            Pattern pattern = Pattern.compile(text, Pattern.DOTALL); // no line feed gets round a rule
            if (pattern.programSize() > LARGEST_PROGRAM) {
                throw value.problem("too large a pattern", "write smaller numbers in {}, or several rules");
            }
            return pattern;
        } catch (PatternSyntaxException e) {
            throw value.problem(
                    "not a regular expression of RE2 (" + e.getDescription() + ")",
                    "it has no look-ahead and no back-references; an earlier rule {match: ..., to: \"{path}\"} ends the list");
        }
    }

    static int status(YamlValue value) {
        int status = (int) Digits.parse(value.text(), 999);
        return switch (status) {
            case 301, 302, 303, 307, 308, 403, 404, 410 -> status;
            default ->
                throw value.problem(
                        "not a status of rules",
                        "write 301, 302, 303, 307 or 308 with to, or 403, 404 or 410 without it");
        };
    }

    /** {@code missing} alone. */
    static boolean whenMissing(YamlValue value) {
        if (!value.text().equals("missing")) {
            throw value.problem("not a condition", "write when: missing, or leave it out");
        }
        return true;
    }

    /** A map of at least one entry. */
    static <T> Map<String, T> map(YamlValue value, String example, BiFunction<String, YamlValue, T> entry) {
        Map<String, T> map = new LinkedHashMap<>();
        List<Map.Entry<String, YamlValue>> entries =
                new ArrayList<>(value.entries().entrySet());
        if (entries.isEmpty() || entries.size() > MOST) {
            throw value.problem("not a map of 1 to " + MOST + " entries", "write it like {" + example + "}");
        }
        entries.forEach(one -> map.put(one.getKey(), entry.apply(one.getKey(), one.getValue())));
        return map;
    }
}
