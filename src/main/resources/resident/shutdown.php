<?php

declare(strict_types=1);

namespace Relais\Resident;

/**
 * Shutdown functions. Those that were registered during a request run at its end; those of the boot, when the process's script ends, since
 * what they watch for (fatal errors) ends it.
 *
 * <p>The engine's own list has one entry, {@see engine}: session_register_shutdown() registers whatever function has the name
 * session_write_close, which here is one of functions.php.
 */
final class Shutdown
{
    /** @var list<array{callable, array<mixed>}> */
    private static array $boot = [];

    /** @var list<array{callable, array<mixed>}> */
    private static array $request = [];

    /** Whether the process's script is over. */
    public static bool $over = false;

    private static bool $registered = false;
    private static bool $running = false;
    private static ?string $reserve = null;

    /** @param array<mixed> $arguments */
    public static function add(callable $function, array $arguments): void
    {
        self::register();
        if (Loop::running()) {
            self::$request[] = [$function, $arguments];
        } else {
            self::$boot[] = [$function, $arguments];
        }
    }

    /** Has the engine call {@see engine} at the script's end. Does nothing without the session extension. */
    public static function register(): void
    {
        if (!self::$registered && function_exists('session_register_shutdown')) {
            self::$registered = true;
            self::$reserve = str_repeat('.', 256 << 10);
            session_register_shutdown();
        }
    }

    /** Whether the caller of session_write_close is the engine, at the script's end. */
    public static function isNow(): bool
    {
        if (!self::$registered) {
            return false;
        }
        $frames = debug_backtrace(DEBUG_BACKTRACE_IGNORE_ARGS, 3);
        return count($frames) === 2 && !isset($frames[1]['file']);
    }

    /** The script ends: by its last statement, exit or a fatal error. */
    public static function engine(): void
    {
        self::$reserve = null;
        self::$registered = false;
        self::$over = true;
        Output::restore() && self::showExhaustion();
        if (self::$running) {
            self::$request = []; // one of them has called exit, which ends the others
        }
        self::run(self::$boot);
        self::run(self::$request);
        if (ob_get_status(true) === []) {
            Loop::last(); // a buffer opened in a buffer's callback has ended the engine's output, and nothing else tells the end
        }
    }

    /** Whether the script has ended at its time limit. */
    public static function isForTime(): bool
    {
        return self::$over && str_starts_with(error_get_last()['message'] ?? '', 'Maximum execution time of ');
    }

    /** Without any buffer, the engine has shown it to PHP-FPM and not to the client. */
    private static function showExhaustion(): void
    {
        $error = error_get_last();
        if (Loop::running() && ($error['type'] ?? 0) === E_ERROR && ini_get('display_errors')) {
            printf(
                ini_get('html_errors')
                    ? "%s<br />\n<b>Fatal error</b>:  %s in <b>%s</b> on line <b>%d</b><br />\n%s"
                    : "%s\nFatal error: %s in %s on line %d\n%s",
                ini_get('error_prepend_string'),
                $error['message'],
                $error['file'],
                $error['line'],
                ini_get('error_append_string'),
            );
        }
    }

    /** The request ends, and the process goes on. */
    public static function request(): void
    {
        if (self::$request !== []) {
            self::run(self::$request);
        }
    }

    /**
     * In their order, with those that they register.
     *
     * @param list<array{callable, array<mixed>}> $functions
     */
    private static function run(array &$functions): void
    {
        self::$running = true;
        try {
            while ($functions !== []) {
                [$function, $arguments] = array_shift($functions);
                $function(...$arguments);
            }
        } catch (\Throwable $e) {
            $functions = self::$request = [];
            Loop::withoutLoop($e, true);
            throw $e;
        }
        self::$running = false;
    }
}
