<?php

/*
 * The kinds of leak of index.php. "leak" leaves something behind, "see" tells what another request sees of it, and "expect" is what is to
 * become of it: "put" (put back: the next request sees what the first saw, or "sees"), "named" (a finding of this kind and name tells of it),
 * "initialised" (told once, in development) or "contained" (the child boots anew after the request); with "checked" only if the request is
 * checked.
 */

declare(strict_types=1);

$put = static fn (Closure $leak, Closure $see, mixed ...$sees): array => [
    'leak' => $leak,
    'see' => $see,
    'expect' => ['outcome' => 'put'] + ($sees === [] ? [] : ['sees' => $sees[0]]),
];
$told = static fn (string $outcome, string $kind, string $name, Closure $leak): array => [
    'leak' => $leak,
    'see' => static fn (): bool => true,
    'expect' => ['outcome' => $outcome, 'kind' => $kind, 'name' => $name],
];
$names = static fn (?array $functions): array => array_map(
    static fn (mixed $one): string => is_array($one) ? get_debug_type($one[0]) : get_debug_type($one),
    $functions ?? [],
);
$handler = static function (string $set, string $restore): string {
    $now = $set(null);
    $restore();
    return $now instanceof Closure ? (string) (new ReflectionFunction($now))->getStartLine() : gettype($now);
};
$first = static function (int $seed): bool {
    $number = mt_rand();
    mt_srand($seed);
    $known = mt_rand();
    mt_srand($seed);
    return $number === $known;
};
$session = static function (): array {
    $all = ini_get_all('session', false);
    ksort($all);
    return $all;
};

return [
    'ini' => $put(fn (string $v) => ini_set('user_agent', $v), fn () => ini_get('user_agent')),
    'ini-of-boot' => $put(fn () => ini_set('precision', '3'), fn () => ini_get('precision')),
    'ini-restored' => $put(fn () => ini_restore('precision'), fn () => ini_get('precision')),
    'ini-of-object' => $put(fn () => Kept::$settings ??= new Settings(), fn () => ini_get('user_agent'), 'Settings'),
    'ini-of-passing-object' => $put(fn () => (new Settings())->circle(), fn () => ini_get('user_agent'), ''),
    'include-path' => $put(fn () => set_include_path('/tmp'), fn () => get_include_path()),
    'time-limit' => $put(fn () => set_time_limit(77), fn () => ini_get('max_execution_time')),
    'error-reporting' => $put(fn () => error_reporting(E_ERROR), fn () => error_reporting()),
    'error-handler' => $put(fn () => gettype(set_error_handler(fn () => true)), fn () => $handler('set_error_handler', 'restore_error_handler')),
    'error-handler-twice' => $put(function () {
        set_error_handler(fn () => true);
        set_error_handler(null);
    }, fn () => $handler('set_error_handler', 'restore_error_handler')),
    'error-handler-taken' => $put(fn () => restore_error_handler(), fn () => $handler('set_error_handler', 'restore_error_handler')),
    'exception-handler' => $put(fn () => gettype(set_exception_handler(fn () => null)),
        fn () => $handler('set_exception_handler', 'restore_exception_handler')),
    'locale' => $put(fn () => setlocale(LC_ALL, 'C.UTF-8', 'en_US.UTF-8'), fn () => setlocale(LC_ALL, '0')),
    'locale-of-one-category' => $put(fn () => setlocale(LC_TIME, 'C.UTF-8', 'en_US.UTF-8'), fn () => setlocale(LC_ALL, '0')),
    'time-zone' => $put(fn () => date_default_timezone_set('Asia/Tokyo'), fn () => date_default_timezone_get()),
    'mb-internal-encoding' => $put(fn () => mb_internal_encoding('EUC-JP'), fn () => mb_internal_encoding()),
    'mb-language' => $put(fn () => mb_language('Japanese'), fn () => mb_language()),
    'mb-substitute-character' => $put(fn () => mb_substitute_character('long'), fn () => mb_substitute_character()),
    'mb-detect-order' => $put(fn () => mb_detect_order(['EUC-JP']), fn () => mb_detect_order()),
    'intl-locale' => $put(fn () => extension_loaded('intl') && Locale::setDefault('de_AT'), fn () => ini_get('intl.default_locale')),
    'working-directory' => $put(fn () => chdir('/tmp'), fn () => getcwd()),
    'umask' => $put(fn () => umask(0), fn () => umask()),
    'environment' => $put(fn (string $v) => putenv("RELAIS_LEAK=$v"), fn () => getenv('RELAIS_LEAK')),
    'environment-removed' => $put(fn () => putenv('RELAIS_BOOT'), fn () => getenv('RELAIS_BOOT'), 'set'),
    'seed' => $put(fn () => mt_srand(42), fn () => $first(42), false),
    'seed-by-srand' => $put(fn () => srand(43), fn () => $first(43), false),
    'seed-of-boot' => $put(fn () => true, fn () => $first(7), false),
    'xml-errors' => $put(function () {
        libxml_use_internal_errors(true);
        return simplexml_load_string('<a>');
    }, function () {
        $used = libxml_use_internal_errors(true);
        $errors = count(libxml_get_errors());
        libxml_use_internal_errors($used);
        return [$used, $errors];
    }),
    'xml-entities' => $put(fn () => libxml_set_external_entity_loader(fn () => null),
        fn () => PHP_VERSION_ID < 80200 ? 'unknown' : gettype(libxml_get_external_entity_loader())),
    'stream-wrapper' => $put(fn () => stream_wrapper_register('leak', NoStream::class), function () {
        $wrappers = stream_get_wrappers();
        sort($wrappers);
        return $wrappers;
    }),
    'stream-wrapper-replaced' => $put(function () {
        stream_wrapper_unregister('data');
        return stream_wrapper_register('data', NoStream::class);
    }, fn () => file_get_contents('data:,here')),
    'stream-wrapper-taken' => $put(fn () => stream_wrapper_unregister('data'), fn () => file_get_contents('data:,here')),
    'autoloader' => $put(fn () => spl_autoload_register(function (string $class): void {}), fn () => $names(spl_autoload_functions())),
    'autoloader-of-loaded-file' => $put(fn () => require_once __DIR__ . '/late.php', fn () => in_array('Late', $names(spl_autoload_functions()), true), true),
    'autoload-extensions' => $put(fn () => spl_autoload_extensions('.leak'), fn () => spl_autoload_extensions()),
    'ignored-abort' => $put(fn () => ignore_user_abort(true), fn () => ignore_user_abort()),
    'collector' => $put(fn () => gc_disable(), fn () => gc_enabled()),
    'session-name' => $put(fn () => session_name('LEAK'), fn () => session_name()),
    'session-cookie' => $put(fn () => session_set_cookie_params(['lifetime' => 99, 'samesite' => 'Lax']), fn () => session_get_cookie_params()),
    'session-limiter' => $put(fn () => [session_cache_limiter('public'), session_cache_expire(9), session_save_path('/tmp')],
        fn () => [session_cache_limiter(), session_cache_expire(), session_save_path()]),
    'session-options' => $put(function () {
        session_start(['use_strict_mode' => 1, 'name' => 'OTHER', 'gc_maxlifetime' => 77]);
        return session_write_close();
    }, $session),
    'session-handler' => $put(fn () => session_set_save_handler(new SessionHandler(), false), fn () => session_module_name()),
    'token' => $put(fn (string $v) => strtok("other $v", ' '), fn () => strtok(' ')),
    'transaction' => $put(fn () => Kept::$database->beginTransaction(), fn () => Kept::$database->inTransaction()),
    'transaction-of-late-connection' => $put(fn () => (Kept::$late ??= new PDO('sqlite::memory:'))->beginTransaction(),
        fn () => Kept::$late?->inTransaction(), false),
    'ini-by-alias' => ['expect' => ['outcome' => 'put', 'checked' => true]]
        + $put(fn (string $v) => ini_alter('user_agent', $v), fn () => ini_get('user_agent')),
    'stream-context' => [
        'leak' => fn (string $v) => count(stream_context_get_options(stream_context_set_default(['http' => ['header' => "Authorization: $v"]]))),
        'see' => fn () => stream_context_get_options(stream_context_get_default()),
        'expect' => ['outcome' => 'contained'],
    ],
    'static-user' => $told('initialised', 'static', 'Kept::$user', fn (string $v) => Kept::$user ??= $v),
    'static-counter' => $told('named', 'static', 'Kept::$visits', fn () => ++Kept::$visits),
    'static-items' => $told('named', 'static', 'Kept::$items', function (string $v): int {
        Kept::$items[] = $v;
        return count(Kept::$items);
    }),
    'static-queue' => $told('named', 'static', 'Kept::$queue', fn (string $v) => Kept::$queue->push($v)),
    'listeners' => $told('named', 'static', 'Kept::$listeners', function (string $v): int {
        Kept::$listeners[] = fn () => $v;
        return count(Kept::$listeners);
    }),
    'singleton-services' => $told('named', 'static', 'Kept::$instance->services', fn (string $v) => Kept::instance()->add($v)),
    'singleton-name' => $told('named', 'static', 'Kept::$instance', fn (string $v) => Kept::instance()->rename($v)),
    'function-variable' => $told('named', 'static', '$first in remembered()', fn (string $v) => remembered($v)),
    'method-variable' => $told('named', 'static', '$remembered in Kept::remember()', fn (string $v) => Kept::instance()->remember($v)),
    'worker-variable' => $told('named', 'worker', '$last', fn () => null),
    'worker-reference' => $told('named', 'worker', '$kept', fn () => null),
    'global' => $told('named', 'global', '$leaked', fn (string $v) => $GLOBALS['leaked'] = $v),
    'constant' => $told('initialised', 'constant', 'LEAKED', fn (string $v) => defined('LEAKED') || define('LEAKED', $v)),
    'constants' => $told('named', 'constant', 'LEAKED_', fn (string $v) => define("LEAKED_$v", $v)),
    'stream-filter' => $told('initialised', 'stream filters', '', fn () => stream_filter_register('leaked', NoFilter::class)),
    'descriptor' => $told('named', 'descriptor', '', fn () => array_push(Kept::$files, fopen('/dev/null', 'r'))),
    'memory' => $told('named', 'memory', '', function (): bool {
        Kept::$deep = [[[[[[[Kept::$deep, random_bytes(10_000)]]]]]]];
        return true;
    }),
];
