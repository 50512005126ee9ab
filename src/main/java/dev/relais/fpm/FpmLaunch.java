package dev.relais.fpm;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One start of one master. Immutable.
 *
 * @param setup what all masters are started with
 * @param worker the worker's number, from 0
 * @param incarnation counts the starts of the gateway's life, so that socket, configuration and pid file are new each time
 */
record FpmLaunch(FpmSetup setup, int worker, int incarnation) {
    /**
     * What PHP and its loader need to start as the gateway's own shell would start it: where to find programs, libraries and ini files,
     * and the time zone of the log. Children see none of it (FPM clears their environment, src/docs/facts.md, fact 16).
     */
    private static final List<String> KEPT = List.of("PATH", "LD_LIBRARY_PATH", "PHPRC", "PHP_INI_SCAN_DIR", "TZ");

    FpmLaunch {
        if (worker < 0 || incarnation < 0) {
            throw new IllegalArgumentException("worker " + worker + ", incarnation " + incarnation);
        }
    }

    /** For a test of the configuration, before any master is started. */
    static FpmLaunch trial(FpmSetup setup) {
        return new FpmLaunch(setup, 0, 0);
    }

    /** The user's own settings. */
    Map<String, String> phpSettings() {
        return setup.phpSettings();
    }

    Path socket() {
        return setup.directory().socket(worker, incarnation);
    }

    Path configFile() {
        return setup.directory().configFile(worker, incarnation);
    }

    Path pidFile() {
        return setup.directory().pidFile(worker, incarnation);
    }

    /**
     * The master's whole environment. The variables passed on are in it as well, since FPM takes their values from there; so an ini file
     * can use them too, as {@code ${NAME}}.
     */
    Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String name : KEPT) {
            if (setup.gatewayEnvironment().containsKey(name)) {
                environment.put(name, setup.gatewayEnvironment().get(name));
            }
        }
        for (String name : setup.passedOn()) {
            environment.put(name, setup.gatewayEnvironment().get(name));
        }
        environment.putIfAbsent("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        return environment;
    }

    /** The program with its arguments: in the foreground, log on standard error (src/docs/facts.md, fact 14), settings by -d. */
    List<String> command(String... first) {
        List<String> command = new ArrayList<>(List.of(setup.php().path().toString()));
        command.addAll(List.of(first));
        command.addAll(List.of("-O", "-y", configFile().toString()));
        settings().forEach((name, value) -> command.addAll(List.of("-d", name + "=" + value)));
        setup.ownSettings().forEach((name, value) -> command.addAll(List.of("-d", name + "=" + value)));
        return command;
    }

    /** By -d and not by php_admin_value, which would take {@code ini_set} from the scripts. */
    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        // Relais' own time limit is the only one (src/docs/facts.md, fact 6): it ends the child, which these may fail
        // to do.
        settings.put("max_execution_time", "0");
        settings.put("max_input_time", "-1");
        // Checked, this is the combination that never served stale or mixed code (src/docs/facts.md, fact 18).
        // Unchecked, a young file must not be left out of the cache: it would be read anew when it has changed.
        settings.put("opcache.validate_timestamps", setup.checksFiles() ? "1" : "0");
        settings.put("opcache.revalidate_freq", "0");
        settings.put("opcache.file_update_protection", setup.checksFiles() ? "2" : "0");
        settings.put("cgi.fix_pathinfo", "1");
        // On where there is no php.ini, and then ?--env=dev is a command line to frameworks (CVE-2024-52301).
        settings.put("register_argc_argv", "Off");
        // What a script logs goes by FastCGI to the sender of the request, which is Relais.
        settings.put("fastcgi.logging", "1");
        settings.put("display_errors", setup.showErrors() ? "1" : "0");
        // Of a setting that is given twice FPM would read both, in order: so the user's value takes the place of ours.
        settings.putAll(setup.phpSettings());
        return settings;
    }
}
