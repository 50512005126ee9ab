<?php

declare(strict_types=1);

/*
 * Functions of PHP that know of PHP-FPM's own request only, defined again for resident functions. functions.list has their names, for
 * disable_functions. What the user's own settings disable is named there twice and stays away.
 */

use Relais\Resident\Faults;
use Relais\Resident\ProcessEnvironment;
use Relais\Resident\Loop;
use Relais\Resident\Native;
use Relais\Resident\Output;
use Relais\Resident\Request;
use Relais\Resident\Shutdown;
use Relais\Resident\Uploads;

$relaisDisabled = array_count_values(array_map('trim', explode(',', (string) ini_get('disable_functions'))));

if (($relaisDisabled['register_shutdown_function'] ?? 0) === 1) {
    /** @param callable $callback */
    function register_shutdown_function(mixed $callback, mixed ...$args): void
    {
        Faults::checkCallback('register_shutdown_function', $callback);
        Shutdown::add($callback, $args);
    }
}

if (($relaisDisabled['session_write_close'] ?? 0) === 1 && function_exists('session_commit')) {
    function session_write_close(): bool
    {
        if (Shutdown::isNow()) {
            Shutdown::engine();
            return true;
        }
        return session_commit();
    }
}

if (($relaisDisabled['flush'] ?? 0) === 1) {
    function flush(): void
    {
        if (Loop::running()) {
            Output::sendHead();
            Output::flush();
        } elseif (!Loop::exists()) {
            Native::libraries();
            Native::$php?->sapi_flush();
        }
    }
}

if (($relaisDisabled['ob_implicit_flush'] ?? 0) === 1) {
    function ob_implicit_flush(bool $enable = true): void
    {
        Output::$implicit = $enable;
    }
}

if (($relaisDisabled['ob_get_level'] ?? 0) === 1) {
    function ob_get_level(): int
    {
        $status = ob_get_status();
        return $status === [] ? 0 : $status['level'] + (Loop::exists() ? 0 : 1);
    }
}

if (($relaisDisabled['ob_list_handlers'] ?? 0) === 1) {
    /** @return list<string> */
    function ob_list_handlers(): array
    {
        return array_column(array_slice(ob_get_status(true), Loop::exists() ? 1 : 0), 'name');
    }
}

if (($relaisDisabled['headers_sent'] ?? 0) === 1) {
    function headers_sent(mixed &$filename = null, mixed &$line = null): bool
    {
        $filename = Output::$file;
        $line = Output::$line;
        return Output::$headSent;
    }
}

if (($relaisDisabled['header_register_callback'] ?? 0) === 1) {
    /** @param callable $callback */
    function header_register_callback(mixed $callback): bool
    {
        Faults::checkCallback('header_register_callback', $callback);
        Output::$headCallback = $callback;
        return true;
    }
}

if (($relaisDisabled['connection_aborted'] ?? 0) === 1) {
    function connection_aborted(): int
    {
        return (int) Output::$aborted;
    }
}

if (($relaisDisabled['connection_status'] ?? 0) === 1) {
    function connection_status(): int
    {
        return (int) Output::$aborted | (Shutdown::isForTime() ? CONNECTION_TIMEOUT : 0);
    }
}

if (($relaisDisabled['is_uploaded_file'] ?? 0) === 1) {
    function is_uploaded_file(?string $filename): bool
    {
        return Uploads::isOne((string) $filename);
    }
}

if (($relaisDisabled['move_uploaded_file'] ?? 0) === 1) {
    function move_uploaded_file(?string $from, ?string $to): bool
    {
        return Uploads::move((string) $from, (string) $to);
    }
}

if (($relaisDisabled['filter_has_var'] ?? 0) === 1) {
    function filter_has_var(int $input_type, ?string $var_name): bool
    {
        return array_key_exists((string) $var_name, Request::input('filter_has_var', $input_type));
    }
}

if (($relaisDisabled['filter_input'] ?? 0) === 1) {
    /** @param array<mixed>|int|null $options */
    function filter_input(int $type, ?string $var_name, int $filter = FILTER_DEFAULT, array|int|null $options = 0): mixed
    {
        return Request::filter(Request::input('filter_input', $type), (string) $var_name, $filter, $options ?? 0);
    }
}

if (($relaisDisabled['filter_input_array'] ?? 0) === 1) {
    /** @param array<mixed>|int $options */
    function filter_input_array(int $type, array|int $options = FILTER_DEFAULT, bool $add_empty = true): array|false|null
    {
        $values = Request::input('filter_input_array', $type);
        return $values === [] ? null : filter_var_array($values, $options, $add_empty);
    }
}

if (($relaisDisabled['getallheaders'] ?? 0) === 1) {
    /** @return array<string, string> */
    function getallheaders(): array
    {
        return Request::headers();
    }
}

if (($relaisDisabled['apache_request_headers'] ?? 0) === 1) {
    /** @return array<string, string> */
    function apache_request_headers(): array
    {
        return Request::headers();
    }
}

if (($relaisDisabled['getenv'] ?? 0) === 1) {
    /** @return string|array<string, string>|false */
    function getenv(?string $name = null, bool $local_only = false): string|array|false
    {
        Native::$c ?? Native::libraries();
        if ($name === null) {
            return array_replace(ProcessEnvironment::all(), Request::$params);
        }
        return !$local_only && isset(Request::$params[$name]) && strcasecmp($name, 'HTTP_PROXY') !== 0
            ? Request::$params[$name]
            : ProcessEnvironment::get($name);
    }
}

if (($relaisDisabled['fastcgi_finish_request'] ?? 0) === 1) {
    function fastcgi_finish_request(): bool
    {
        if (!Loop::running()) {
            while (ob_get_status() && @ob_end_flush());
            flush();
            return true;
        }
        Output::endBuffers() || Output::take((string) ob_get_contents(), PHP_OUTPUT_HANDLER_FLUSH); // one that may not be ended stays
        return Loop::complete();
    }
}

if (!function_exists('headers_send') && !isset($relaisDisabled['headers_send'])) {
    /** As FrankenPHP's: 1 for an interim head that was handed over, 3 for one that was not, 0 for another status, which is set. */
    function headers_send(int $status = 200): int
    {
        if ($status < 100 || $status > 199) {
            headers_sent() || http_response_code($status);
            return 0;
        }
        return $status === 103 && Loop::running() && Output::hint() ? 1 : 3;
    }
}

unset($relaisDisabled);
