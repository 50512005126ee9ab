package dev.relais.fpm;

import dev.relais.fastcgi.FinishMark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The {@code fastcgi_finish_request} that functions call: PHP-FPM's own is disabled, since it sends END_REQUEST while the script goes
 * on (src/docs/facts.md, fact 11), and one of the same name is defined in PHP. Where opcache works it is a part of the {@link Preload}, so
 * that a request that does not call it costs nothing; elsewhere a prepended script defines it anew for each request. Immutable.
 *
 * @param php its definition, without an opening tag
 * @param mark what it sends, by which the gateway knows that the answer is complete
 * @param prepended the script that defines it where nothing can be preloaded
 */
record FinishFunction(String php, FinishMark mark, Path prepended) {
    /**
     * As PHP-FPM's own: ends the buffers, sends the head, returns true. A buffer that nobody may remove is flushed at least; what it
     * holds back keeps the answer open until the script ends. What the script writes afterwards is dropped by the gateway and ends
     * nothing. Undefined when the user's own settings disable it.
     */
    private static final String TEXT = """
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
            """;

    /** Writes the script to be prepended into the run directory. Blocks. */
    static FinishFunction write(RunDirectory directory, RandomGenerator random) throws IOException {
        FinishMark mark = new FinishMark(String.format("%016x%016x", random.nextLong(), random.nextLong()));
        String php = String.format(TEXT, FinishMark.FIELD, mark.nonce(), mark.message());
        String text = Preload.text(List.of(php), List.of());
        return new FinishFunction(php, mark, directory.script(RunDirectory.FINISH_SCRIPT, text));
    }

    /** Takes PHP-FPM's own from the scripts; what the user has disabled stays so. To be given after all other settings. */
    Map<String, String> settings() {
        return Map.of("disable_functions", "${disable_functions},fastcgi_finish_request");
    }

    /** Has it defined at the start of each request, before the user's own {@code auto_prepend_file}. */
    Map<String, String> prependSettings() {
        return Preload.also("auto_prepend_file", prepended);
    }
}
