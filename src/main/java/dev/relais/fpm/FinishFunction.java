package dev.relais.fpm;

import dev.relais.fastcgi.FinishMark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The {@code fastcgi_finish_request} that functions call. PHP-FPM's own function is disabled, since it sends END_REQUEST while
 * the script goes on (src/docs/facts.md, fact 11), and a function of the same name is defined in PHP. Where opcache works it is
 * a part of the {@link Preload}, so that a request that does not call it costs nothing; elsewhere a prepended script defines it
 * for each request. Immutable.
 *
 * @param php its definition in PHP, without an opening tag, and that of {@link HintFunction}
 * @param mark the message by which the function tells the gateway that the answer is complete
 * @param prepended the script that defines it where nothing can be preloaded
 */
record FinishFunction(String php, FinishMark mark, Path prepended) {
    /**
     * Does what PHP-FPM's own function does: it ends the output buffers, sends the head and returns true. A buffer that may not
     * be removed is flushed if possible; what it holds back keeps the answer open until the script ends. The gateway drops what
     * the script writes afterwards, and that does not end the script. The function is not defined when the user's own settings
     * disable it.
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
        String php = String.format(TEXT, FinishMark.FIELD, mark.nonce(), mark.message()) + HintFunction.php(mark);
        String text = Preload.text(List.of(php), List.of());
        return new FinishFunction(php, mark, directory.script(RunDirectory.FINISH_SCRIPT, text));
    }

    /**
     * The setting that disables PHP-FPM's own function besides those that the user disables. It has to be given after all
     * others.
     */
    Map<String, String> settings() {
        return Map.of("disable_functions", "${disable_functions},fastcgi_finish_request");
    }

    /** The settings that define the function at the start of each request, before the user's own {@code auto_prepend_file}. */
    Map<String, String> prependSettings() {
        return Preload.also("auto_prepend_file", prepended);
    }
}
