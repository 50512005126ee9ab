package dev.relais.fpm;

import dev.relais.fastcgi.FinishMark;
import dev.relais.process.WorkerUser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The {@code fastcgi_finish_request} that functions call: PHP-FPM's own is disabled, since it sends END_REQUEST while the script goes
 * on (src/docs/facts.md, fact 11), and one of the same name is defined in PHP. Where opcache works it is preloaded, so that a request that
 * does not call it costs nothing; elsewhere a prepended script defines it anew for each request. Immutable.
 *
 * @param script defines the function
 * @param mark what it sends, by which the gateway knows that the answer is complete
 * @param preloaded whether it is preloaded; else it is prepended to each request's script
 */
record FinishFunction(Path script, FinishMark mark, boolean preloaded) {
    /** Tells of the preloading in a test of the configuration. */
    private static final String PRELOADED = "relais-preloaded";

    /**
     * As PHP-FPM's own: ends the buffers, sends the head, returns true. A buffer that nobody may remove is flushed at least; what it
     * holds back keeps the answer open until the script ends. What the script writes afterwards is dropped by the gateway and ends
     * nothing. Undefined when the user's own settings disable it.
     */
    private static final String TEXT = """
            <?php
            if (substr_count(ini_get('disable_functions'), 'fastcgi_finish_request') === 1) {
                function fastcgi_finish_request(): bool
                {
                    while (($buffer = ob_get_status()) && $buffer['flags'] & PHP_OUTPUT_HANDLER_REMOVABLE && ob_end_flush());
                    if ($buffer) {
                        $buffer['flags'] & PHP_OUTPUT_HANDLER_FLUSHABLE && ob_flush();
                    } elseif (!headers_sent()) {
                        header('%1$s: %2$s');
                        echo "\\n";
                    }
                    if (function_exists('error_log')) {
                        error_log('%3$s', 4);
                    }
                    flush();
                    return true;
                }
            }
            if (get_cfg_var('relais.check')) {
                echo '%4$s';
            }
            if (!in_array(get_cfg_var('relais.also'), [false, '', 'none'], true)) {
                require get_cfg_var('relais.also');
            }
            """;

    /** Writes the script into the run directory, to be preloaded. Blocks. */
    static FinishFunction write(RunDirectory directory, RandomGenerator random) throws IOException {
        FinishMark mark = new FinishMark(String.format("%016x%016x", random.nextLong(), random.nextLong()));
        String text = String.format(TEXT, FinishMark.FIELD, mark.nonce(), mark.message(), PRELOADED);
        return new FinishFunction(directory.script(RunDirectory.FINISH_SCRIPT, text), mark, true);
    }

    FinishFunction prepended() {
        return new FinishFunction(script, mark, false);
    }

    /** Whether the output of a test of the configuration shows that the script was preloaded. */
    static boolean isPreloaded(String output) {
        return output.contains(PRELOADED);
    }

    /**
     * The settings, to be given after all others. They would replace the user's own settings of the same names (src/docs/facts.md, fact
     * 11), so each takes in the value that php.ini, the scan directory or an earlier setting has given: {@code ${name}}.
     */
    Map<String, String> settings(WorkerUser user) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("disable_functions", "${disable_functions},fastcgi_finish_request");
        String carrier = preloaded ? "opcache.preload" : "auto_prepend_file";
        settings.put("relais.also", "${" + carrier + "}");
        settings.put(carrier, script.toString());
        if (preloaded && user.switched()) {
            settings.put("opcache.preload_user", user.name());
        }
        return settings;
    }

    /** Makes a test of the configuration tell {@link #isPreloaded}. */
    static String checkSetting() {
        return "relais.check=1";
    }
}
