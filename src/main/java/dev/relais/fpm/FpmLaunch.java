package dev.relais.fpm;

import dev.relais.process.WorkerUser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything one start of one master needs to know. Immutable.
 *
 * @param php the program
 * @param worker the worker's number, from 0
 * @param incarnation counts the starts of that worker, so that socket, configuration and pid file are new each time
 * @param children processes of the pool
 * @param directory where its files are
 * @param user who PHP runs as
 * @param passedOn names of the environment variables PHP sees
 * @param gatewayEnvironment the gateway's own environment, the source of their values
 * @param phpSettings further settings, as in php.ini; they win
 * @param finish the {@code fastcgi_finish_request} of the scripts
 * @param showErrors whether PHP writes its errors into its answers: in dev mode only
 * @param checksFiles whether opcache looks at the files for changes; else its code stays for the life of the master
 */
record FpmLaunch(
        PhpFpm php,
        int worker,
        int incarnation,
        int children,
        RunDirectory directory,
        WorkerUser user,
        List<String> passedOn,
        Map<String, String> gatewayEnvironment,
        Map<String, String> phpSettings,
        FinishFunction finish,
        boolean showErrors,
        boolean checksFiles) {

    /**
     * What PHP and its loader need to start as the gateway's own shell would start it: where to find programs, libraries and ini files,
     * and the time zone of the log. Children see none of it (FPM clears their environment, src/docs/facts.md, fact 16).
     */
    private static final List<String> KEPT = List.of("PATH", "LD_LIBRARY_PATH", "PHPRC", "PHP_INI_SCAN_DIR", "TZ");

    FpmLaunch {
        if (worker < 0 || incarnation < 0 || children < 1) {
            throw new IllegalArgumentException(
                    "worker " + worker + ", incarnation " + incarnation + ", children " + children);
        }
        gatewayEnvironment = Map.copyOf(gatewayEnvironment);
        passedOn = passedOn.stream()
                .filter(gatewayEnvironment::containsKey)
                .distinct()
                .toList();
        phpSettings = new LinkedHashMap<>(phpSettings);
    }

    Path socket() {
        return directory.socket(worker, incarnation);
    }

    Path configFile() {
        return directory.configFile(worker, incarnation);
    }

    Path pidFile() {
        return directory.pidFile(worker, incarnation);
    }

    /**
     * The master's whole environment. The variables passed on are in it as well, since FPM takes their values from there; so an ini file
     * can use them too, as {@code ${NAME}}.
     */
    Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String name : KEPT) {
            if (gatewayEnvironment.containsKey(name)) {
                environment.put(name, gatewayEnvironment.get(name));
            }
        }
        for (String name : passedOn) {
            environment.put(name, gatewayEnvironment.get(name));
        }
        environment.putIfAbsent("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        return environment;
    }

    /** The program with its arguments: in the foreground, log on standard error (src/docs/facts.md, fact 14), settings by -d. */
    List<String> command(String... first) {
        List<String> command = new ArrayList<>(List.of(php.path().toString()));
        command.addAll(List.of(first));
        command.addAll(List.of("-O", "-y", configFile().toString()));
        settings().forEach((name, value) -> command.addAll(List.of("-d", name + "=" + value)));
        finish.settings(user).forEach((name, value) -> command.addAll(List.of("-d", name + "=" + value)));
        return command;
    }

    /** By -d and not by php_admin_value, which would take {@code ini_set} from the scripts. */
    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        // Relais' own time limit is the only one (src/docs/facts.md, fact 6); it ends the child, which these cannot be
        // trusted to do.
        settings.put("max_execution_time", "0");
        settings.put("max_input_time", "-1");
        // Checked, this is the combination that never served stale or mixed code (src/docs/facts.md, fact 18).
        // Unchecked, a file must not
        // be left out
        // of the cache for being young: it would be read anew when it is not the same any more.
        settings.put("opcache.validate_timestamps", checksFiles ? "1" : "0");
        settings.put("opcache.revalidate_freq", "0");
        settings.put("opcache.file_update_protection", checksFiles ? "2" : "0");
        settings.put("cgi.fix_pathinfo", "1");
        // On where there is no php.ini, and then ?--env=dev is a command line to frameworks (CVE-2024-52301).
        settings.put("register_argc_argv", "Off");
        // What a script logs goes to whoever sent the request: to Relais.
        settings.put("fastcgi.logging", "1");
        settings.put("display_errors", showErrors ? "1" : "0");
        // A setting given twice would be read in order; replacing makes the user's the only one.
        settings.putAll(phpSettings);
        return settings;
    }
}
