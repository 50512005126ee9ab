<?php

declare(strict_types=1);

namespace Relais\Resident {
    /**
     * FrankenPHP's worker API as its documentation gives it (docs/worker.md, docs/logging.md, frankenphp.stub.php), over {@see Loop}; `headers_send` and those of Apache
     * that PHP-FPM knows are in functions.php. A worker script that
     * was written for FrankenPHP runs here without a change.
     *
     * Its functions are defined when a worker script boots, and not with the master: libraries find out by `function_exists` whether they run in
     * FrankenPHP, and in all other scripts of this master they do not.
     *
     * What FrankenPHP has and this has not: background workers and `mercure_publish()`, which need a hub in the server.
     */
    final class FrankenPhp
    {
        /** Called once, before a worker script; Symfony's runtime and Octane look at the mark in `$_SERVER` then. */
        public static function boot(): void
        {
            if (Loop::told('RELAIS_WAY') === 'application') {
                return;
            }
            $_SERVER['FRANKENPHP_WORKER'] = '1';
            if ((int) Loop::told('RELAIS_MAX_REQUESTS') > 0) {
                $_SERVER['MAX_REQUESTS'] ??= Loop::told('RELAIS_MAX_REQUESTS');
            }
            \define('FRANKENPHP_LOG_LEVEL_DEBUG', -4);
            \define('FRANKENPHP_LOG_LEVEL_INFO', 0);
            \define('FRANKENPHP_LOG_LEVEL_WARN', 4);
            \define('FRANKENPHP_LOG_LEVEL_ERROR', 8);
            \relais_resident_frankenphp();
        }
    }
}

namespace {
    use Relais\Resident\Loop;

    /**
     * Defines the functions.
     * @internal
     */
    function relais_resident_frankenphp(): void
    {
        /**
         * Waits for a request and has the callback answer it. When this returns the answer is complete for the client, and the superglobals are still those of
         * the request, until the next call. False: the script has to end.
         */
        function frankenphp_handle_request(callable $callback): bool
        {
            return Loop::handle($callback);
        }

        /** Completes the answer; the script goes on. */
        function frankenphp_finish_request(): bool
        {
            return fastcgi_finish_request();
        }

        /** @return array<string, string> the fields of the request's head */
        function frankenphp_request_headers(): array
        {
            return getallheaders();
        }

        /** @return array<string, string> the fields of the answer's head; of several with one name the last */
        function frankenphp_response_headers(): array|bool
        {
            $fields = [];
            foreach (headers_list() as $line) {
                [$name, $value] = explode(':', $line, 2) + [1 => ''];
                $fields[rtrim($name)] = ltrim($value);
            }
            return $fields;
        }

        if (!function_exists('apache_response_headers')) { // PHP-FPM has the one for the request only
            /** @return array<string, string> */
            function apache_response_headers(): array|bool
            {
                return frankenphp_response_headers();
            }
        }

        /** A message with its context as JSON, where error_log() writes. */
        function frankenphp_log(string $message, int $level = 0, array $context = []): void
        {
            $name = match (true) {
                $level < 0 => 'debug',
                $level < 4 => 'info',
                $level < 8 => 'warn',
                default => 'error',
            };
            $more = $context ? ' ' . json_encode($context, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE | JSON_PARTIAL_OUTPUT_ON_ERROR) : '';
            error_log("$name: $message$more");
        }
    }
}
