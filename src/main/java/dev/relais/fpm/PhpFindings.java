package dev.relais.fpm;

import dev.relais.Digits;
import dev.relais.system.Finding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What PHP's version, its opcache, its extensions and its php.ini mean for Relais. Immutable.
 *
 * @param version of PHP
 * @param ini the settings without those of Relais and of {@code relais.workers.php-settings}
 * @param relais the settings that Relais gives
 * @param user those of {@code relais.workers.php-settings}, which hold over both
 * @param generations whether changed code comes into force by generations
 * @param scripts how many PHP files there are below the functions directory
 */
record PhpFindings(
        PhpFpm php,
        PhpFacts ini,
        Map<String, String> relais,
        Map<String, String> user,
        boolean generations,
        int scripts) {
    private static final String FILES = "opcache.max_accelerated_files";
    private static final String REVALIDATE = "opcache.revalidate_freq";

    List<Finding> all() {
        List<Finding> found = new ArrayList<>();
        found.add(version());
        found.add(opcache());
        if (isOn("opcache.enable")) {
            found.add(files());
            found.add(jit());
            found.add(revalidation());
        }
        found.add(extensions());
        found.add(overridden());
        found.add(unknown());
        return found;
    }

    /** The value in force; null when it has none. */
    private @Nullable String value(String name) {
        String own = user.containsKey(name) ? user.get(name) : relais.get(name);
        return own == null ? ini.value(name) : own;
    }

    private boolean isOn(String name) {
        return normal(value(name)).equals("1");
    }

    /** Values that mean the same to PHP have the same form. */
    private static String normal(@Nullable String value) {
        String lower = value == null ? "" : value.strip().toLowerCase(Locale.ROOT);
        return switch (lower) {
            case "on", "yes", "true" -> "1";
            case "off", "no", "false", "none" -> "0";
            default -> lower;
        };
    }

    private static String set(String name, Object value) {
        return "relais.workers.php-settings.\"" + name + "\"=" + value;
    }

    private Finding version() {
        boolean faulty = PhpFault.UNREAD_BODY.isIn(php.version());
        return Finding.of(
                !faulty,
                "php version",
                php.version() + " (" + php.path() + ")",
                "8.2.36, 8.3.37, 8.4.28, 8.5.13 or newer",
                PhpFault.UNREAD_BODY.describe(php.version())
                        + "; so each request with a body ends its connection to PHP, which costs some speed",
                "upgrade PHP; or relais.workers.keep-after-body=true if your distribution has mended this version");
    }

    private Finding opcache() {
        return Finding.of(
                isOn("opcache.enable") || !ini.told(),
                "opcache.enable",
                !ini.told() ? "unknown" : Objects.requireNonNullElse(value("opcache.enable"), "not there"),
                "On",
                "PHP compiles each script anew at each request",
                "install PHP's opcache (Debian: apt-get install php-opcache) and remove opcache.enable=0");
    }

    private Finding files() {
        long most = Digits.parse(Objects.requireNonNullElse(value(FILES), "10000"), 1_000_000);
        return Finding.of(
                most < 0 || scripts <= most,
                FILES,
                most + ", and " + scripts + " PHP files in the functions directory",
                "at least the number of PHP files",
                "files beyond that are compiled anew at each request",
                set(FILES, Math.max(scripts, 1) * 2));
    }

    private Finding jit() {
        String mode = Objects.requireNonNullElse(value("opcache.jit"), "off");
        String size = Objects.requireNonNullElse(value("opcache.jit_buffer_size"), "0");
        boolean on = !List.of("", "0", "disable").contains(normal(mode)) && OpcacheSize.bytes(size) > 0;
        return Finding.of(
                !on || TroublesomeExtension.of(ini).isEmpty(),
                "opcache.jit",
                on ? mode + ", " + size : "off",
                "off, or on without an extension that hinders it",
                "PHP switches the JIT off while such an extension is loaded, and its memory is lost",
                set("opcache.jit", "disable"));
    }

    /** By generations the code on the disk is not looked at; otherwise now and then, of which Relais takes care. */
    private Finding revalidation() {
        boolean looks = isOn("opcache.validate_timestamps");
        String each = Objects.requireNonNullElse(value(REVALIDATE), "2");
        boolean always = looks && each.strip().equals("0");
        return Finding.of(
                generations || looks && !always,
                "opcache revalidation",
                looks ? "every " + each + " s" : "never",
                generations ? "never, or seldom" : "every 2 s (Relais tells opcache of changes at once)",
                always
                        ? "PHP asks the disk for each file at each request: 4 to 10 % of the CPU of WordPress, a third of Symfony's"
                        : "changed code never comes into force",
                always
                        ? "remove " + set(REVALIDATE, 0)
                        : "remove " + set("opcache.validate_timestamps", 0)
                                + ", or set relais.functions.reload=generations");
    }

    private Finding extensions() {
        List<TroublesomeExtension> loaded = TroublesomeExtension.of(ini);
        StringBuilder names = new StringBuilder();
        StringBuilder consequences = new StringBuilder();
        for (TroublesomeExtension one : loaded) {
            names.append(names.isEmpty() ? "" : ", ").append(one.extension);
            consequences
                    .append(consequences.isEmpty() ? "" : "; ")
                    .append(one.extension)
                    .append(": ")
                    .append(one.consequence);
        }
        return Finding.of(
                loaded.isEmpty(),
                "php extensions",
                !ini.told() ? "unknown" : loaded.isEmpty() ? "none that is known to break" : names.toString(),
                "none of xdebug, pcov, uopz, runkit7, swoole, openswoole, grpc, ioncube, sourceguardian and newrelic, as they are by default",
                loaded.isEmpty() ? "they break or slow down what runs in PHP-FPM" : consequences.toString(),
                "remove it from PHP-FPM's configuration (Debian: phpdismod -s fpm NAME)");
    }

    private Finding unknown() {
        StringBuilder text = new StringBuilder();
        for (String name : ini.unknown(user.keySet())) {
            String like = ini.like(name);
            text.append(text.isEmpty() ? "unknown to PHP: " : ", ")
                    .append(name)
                    .append(like == null ? "" : " (is " + like + " meant?)");
        }
        return Finding.of(
                text.isEmpty(),
                "relais.workers.php-settings",
                text.isEmpty() ? user.size() + " settings" : text.toString(),
                "names that PHP knows",
                "the value is in force nowhere",
                "correct the name, or install the extension that it belongs to");
    }

    /** No warning: the values are Relais' on purpose. */
    private Finding overridden() {
        Map<String, String> differing = new LinkedHashMap<>();
        relais.forEach((name, value) -> {
            String own = ini.value(name);
            if (own != null && !normal(own).equals(normal(value)) && !user.containsKey(name)) {
                differing.put(name, own);
            }
        });
        StringBuilder text = new StringBuilder();
        differing.forEach((name, own) -> text.append(text.isEmpty() ? "" : ", ")
                .append(name)
                .append('=')
                .append(relais.get(name))
                .append(" instead of ")
                .append(own));
        return Finding.of(
                true,
                "php.ini settings that Relais overrides",
                text.isEmpty() ? "none" : text.toString(),
                "as they are",
                "what php.ini says of them does not hold",
                "set those that you need in relais.workers.php-settings, which holds over Relais'");
    }
}
