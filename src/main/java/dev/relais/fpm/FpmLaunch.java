package dev.relais.fpm;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is needed for one start of one master. Immutable.
 *
 * @param setup what all masters are started with
 * @param worker the worker's number, from 0
 * @param incarnation the number of this start in the gateway's life, so that socket, configuration and pid file are new each
 *     time
 */
record FpmLaunch(FpmSetup setup, int worker, int incarnation) {
    /**
     * The variables that PHP and its loader need to start as from the gateway's own shell: where to find programs, libraries
     * and ini files, and the time zone of the log. Children see none of them, because FPM clears their environment
     * (src/docs/facts.md, fact 16).
     */
    static final List<String> KEPT = List.of("PATH", "LD_LIBRARY_PATH", "PHPRC", FpmLaunch.SCAN, "TZ");

    private static final String SCAN = "PHP_INI_SCAN_DIR";

    FpmLaunch {
        if (worker < 0 || incarnation < 0) {
            throw new IllegalArgumentException("worker " + worker + ", incarnation " + incarnation);
        }
    }

    /** The launch for a test of the configuration, before any master is started. */
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

    /** One of those that children write their standard error to. */
    Path errorPipe(int number) {
        return setup.directory().errorPipe(worker, incarnation, number);
    }

    Path pidFile() {
        return setup.directory().pidFile(worker, incarnation);
    }

    /**
     * The master's whole environment. It includes the variables that are passed on, since FPM takes their values from there. So
     * an ini file can use them too, as {@code ${NAME}}.
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
        if (setup.directory().hasFolderSettings()) {
            // An empty first place stands for the one that PHP was built with.
            environment.merge(SCAN, ":" + setup.directory().path(), (own, more) -> own + more);
        }
        environment.putIfAbsent("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        return environment;
    }

    /**
     * The program with its arguments: it runs in the foreground, logs to standard error (src/docs/facts.md, fact 14), and gets
     * its settings by -d.
     */
    List<String> command(String... first) {
        List<String> command = new ArrayList<>(List.of(setup.php().path().toString()));
        command.addAll(List.of(first));
        command.addAll(List.of("-O", "-y", configFile().toString()));
        settings().forEach((name, value) -> command.addAll(List.of("-d", name + "=" + value)));
        setup.ownSettings().forEach((name, value) -> command.addAll(List.of("-d", name + "=" + value)));
        return command;
    }

    /**
     * The settings that are given by -d, and not by php_admin_value, which would forbid scripts to change them by
     * {@code ini_set}.
     */
    private Map<String, String> settings() {
        Map<String, String> settings = RelaisSettings.of(setup.checks(), setup.showErrors());
        // FPM would apply both values of a setting that is given twice, so the user's value replaces Relais' own here.
        settings.putAll(setup.phpSettings());
        return settings;
    }
}
