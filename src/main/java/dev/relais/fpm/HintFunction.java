package dev.relais.fpm;

import dev.relais.fastcgi.FinishMark;

/**
 * The {@code headers_send} that functions call, and Symfony's {@code Response} where it exists: {@code headers_send(103)} has the fields set
 * so far sent at once as 103 (Early Hints), and PHP keeps them for the answer. It is defined where {@link FinishFunction} is, unless the
 * user's settings disable that name. The numbers that it returns are those of FrankenPHP's function: 1 for an interim head that was
 * handed over, 3 for one that was not (SAPI_HEADER_SENT_SUCCESSFULLY and SAPI_HEADER_SEND_FAILED of PHP), 0 for another status, which is set, and
 * sent with the first output, since PHP-FPM sends no head without any.
 */
final class HintFunction {
    /** The bytes of its fields: half of what clients take as a whole head. */
    static final int MOST_BYTES = 8 << 10;

    private static final String TEXT = """
            if (!function_exists('headers_send') && substr_count(ini_get('disable_functions'), 'headers_send') === 0) {
                function headers_send(int $status = 200): int
                {
                    if ($status < 100 || $status > 199) {
                        headers_sent() || http_response_code($status);
                        return 0;
                    }
                    $fields = implode("\\r\\n", headers_list());
                    if ($status !== 103 || headers_sent() || $fields === '' || strlen($fields) > %1$d || !function_exists('error_log')) {
                        return 3;
                    }
                    error_log('%2$s' . base64_encode("$fields\\r\\n\\r\\n") . '.', 4);
                    flush();
                    return 1;
                }
            }
            """;

    private HintFunction() {}

    /** Its definition in PHP, without an opening tag. */
    static String php(FinishMark mark) {
        return String.format(TEXT, MOST_BYTES, mark.hintStart());
    }
}
