package dev.relais.fpm;

import java.util.LinkedHashMap;
import java.util.Map;

/** The settings of PHP that Relais gives to each master by -d, and that so hold over those of php.ini; a user's own hold over them. */
final class RelaisSettings {
    private RelaisSettings() {}

    /** @param showErrors whether PHP writes its errors into its answers */
    static Map<String, String> of(FileChecks checks, boolean showErrors) {
        Map<String, String> settings = new LinkedHashMap<>();
        // Relais' own time limit is the only one (src/docs/facts.md, fact 6). It ends the child, which PHP's limits may
        // fail to do.
        settings.put("max_execution_time", "0");
        settings.put("max_input_time", "-1");
        // Checked, this is the combination that never served stale or mixed code (src/docs/facts.md, fact 18).
        settings.put("opcache.validate_timestamps", checks.validateTimestamps);
        settings.put("opcache.revalidate_freq", checks.revalidateFreq);
        settings.put("opcache.file_update_protection", checks.fileUpdateProtection);
        settings.put("cgi.fix_pathinfo", "1");
        // It is on where there is no php.ini, and frameworks then take ?--env=dev for a command line (CVE-2024-52301).
        settings.put("register_argc_argv", "Off");
        // With this setting what a script logs goes by FastCGI to the sender of the request, which is Relais.
        settings.put("fastcgi.logging", "1");
        settings.put("display_errors", showErrors ? "1" : "0");
        return settings;
    }
}
