package dev.relais.migration;

/** Settings of PHP, as {@code php} of a site takes them. */
final class PhpSettings {
    private PhpSettings() {}

    /** Sets one, or tells why not. */
    static void set(SiteDraft site, Origin origin, String name, String value) {
        boolean isSayable = name.matches("[a-z][a-z0-9_]*(\\.[A-Za-z0-9_]+)*")
                && !value.isBlank()
                && value.length() <= 2_000
                && !value.matches("(?s).*['\\p{Cntrl}].*");
        boolean isOfAll = name.matches(
                "extension|zend_extension|extension_dir|auto_prepend_file|cgi\\..*|fastcgi\\..*|opcache\\..*|user_ini\\..*"
                        + "|disable_functions|disable_classes|register_argc_argv");
        if (isSayable && !isOfAll) {
            site.php.put(name, value.strip());
        } else if (name.matches("disable_.*|open_basedir")) {
            site.notes.guard(origin, "one site cannot have it; see relais.workers.php-settings");
        } else {
            site.notes.lost(origin, "one site cannot have it; see relais.workers.php-settings");
        }
    }
}
