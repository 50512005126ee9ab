package dev.relais.fpm;

import dev.relais.process.WorkerUser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a master loads before it starts its children ({@code opcache.preload}), so that all children have it and no request has
 * to load it. PHP accepts only one script, so this script has Relais' own parts first, then what the user preloads, and then
 * further parts. Immutable.
 *
 * @param script the path of the script
 * @param own PHP statements before what the user preloads, without an opening tag
 * @param after PHP statements after that
 */
record Preload(Path script, List<String> own, List<String> after) {
    /** What the script prints in a test of the configuration, to show that it was run; behind it come the settings, a line for each. */
    private static final String RUN = "relais-preloaded";

    private static final String SETTING = "relais-setting ";

    /** The statement between Relais' own parts and the rest. {@code relais.also} is the script that the user's settings name. */
    private static final String USERS = """
            if (get_cfg_var('relais.check')) {
                $text = "%s\\n";
                foreach (function_exists('ini_get_all') ? ini_get_all(null, false) : [] as $name => $value) {
                    $text .= "%s$name=" . strtr((string) $value, "\\r\\n", '  ') . "\\n";
                }
                echo $text; // at once, so that no complaint of PHP comes between
                unset($text, $name, $value);
            }
            if (!in_array(get_cfg_var('relais.also'), [false, '', 'none'], true)) {
                require get_cfg_var('relais.also');
            }
            """.formatted(RUN, SETTING);

    Preload {
        own = List.copyOf(own);
        after = List.copyOf(after);
    }

    /** Writes the script into the run directory. Blocks. */
    static Preload write(RunDirectory directory, List<String> own) throws IOException {
        return write(directory, RunDirectory.PRELOAD_SCRIPT, own, List.of());
    }

    /**
     * The same preload with one more part at the end. Blocks, because it writes another script, since running masters may load
     * theirs again.
     *
     * @param name the name of that script in the run directory
     * @param part PHP statements, without an opening tag
     */
    Preload followedBy(RunDirectory directory, String name, String part) throws IOException {
        List<String> more = new ArrayList<>(after);
        more.add(part);
        return write(directory, name, own, more);
    }

    private static Preload write(RunDirectory directory, String name, List<String> own, List<String> after)
            throws IOException {
        return new Preload(directory.script(name, text(own, after)), own, after);
    }

    /** A script of these parts that runs the user's own script between them, see {@link #also}. */
    static String text(List<String> own, List<String> after) {
        return "<?php\n" + String.join("", own) + USERS + String.join("", after);
    }

    /**
     * The settings, which have to be given after all others. They would replace the user's own settings of the same names
     * (src/docs/facts.md, fact 11), so each includes, by {@code ${name}}, the value that php.ini, the scan directory or an
     * earlier setting has given.
     */
    Map<String, String> settings(WorkerUser user) {
        Map<String, String> settings = new LinkedHashMap<>(also("opcache.preload", script));
        if (user.switched()) {
            settings.put("opcache.preload_user", user.name());
        }
        return settings;
    }

    /**
     * The settings that make PHP run this script of Relais through a setting that names one script, and through it the script
     * that the user's settings name.
     */
    static Map<String, String> also(String setting, Path script) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("relais.also", "${" + setting + "}");
        settings.put(setting, script.toString());
        return settings;
    }

    /** Whether the output of a test of the configuration shows that the script was preloaded. */
    static boolean isDone(String output) {
        return output.contains(RUN);
    }

    /**
     * PHP's settings as the script has printed them in a test of the configuration, by their names. A switch that is off has an empty
     * value, as one that is not set. Empty when the script was not run, or may not ask for them.
     */
    static Map<String, String> settingsIn(String output) {
        Map<String, String> settings = new LinkedHashMap<>();
        output.lines().filter(Preload::isSetting).forEach(line -> {
            int equals = line.indexOf('=');
            settings.put(line.substring(SETTING.length(), equals), line.substring(equals + 1));
        });
        return settings;
    }

    /** The output of a test of the configuration without the settings. */
    static String withoutSettings(String output) {
        return output.lines().filter(line -> !isSetting(line)).collect(Collectors.joining("\n"));
    }

    private static boolean isSetting(String line) {
        return line.startsWith(SETTING) && line.indexOf('=') > 0;
    }

    /** The setting with which a test of the configuration prints what {@link #isDone} and {@link #settingsIn} look for. */
    static String checkSetting() {
        return "relais.check=1";
    }
}
