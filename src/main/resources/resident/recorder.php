<?php

declare(strict_types=1);

namespace Relais\Resident;

/**
 * What setters were called since the last request, and what they replaced. Each value is kept the first time only, since that is what has
 * to be put back. A request that calls no setter leaves this as it was, so that there is nothing to look at.
 */
final class Recorder
{
    /** How far up a constructor is looked for. */
    private const FRAMES = 8;

    /** @var array<string, string> the values that ini settings had */
    public static array $ini = [];

    /** @var array<string, \WeakReference> the objects whose constructors set ini values last */
    public static array $makers = [];

    /** @var array<string, ?string> the values that environment variables had, null for none */
    public static array $environment = [];

    /** @var array<string, array{string, int}> the class and flags of each stream wrapper registered */
    public static array $wrappers = [];

    /** Whether the request registered any. */
    public static bool $wrapped = false;

    /** Whether the generator of mt_rand got a seed that somebody knows. */
    public static bool $seeded = false;

    public static ?int $mask = null;

    public static ?string $folder = null;

    /** @var array<int, object> connections of mysqli with a transaction begun by mysqli_begin_transaction, by object number */
    public static array $transactions = [];

    /** Whether the master disabled a function for us to define it again. One that the user's own settings disable as well stays away. */
    public static function records(string $function): bool
    {
        $disabled = \array_map('trim', \explode(',', (string) \ini_get('disable_functions')));
        return \count(\array_keys($disabled, $function, true)) === 1;
    }

    /** Sets an ini value; false if PHP refuses it, else the value before. */
    public static function ini(string $name, string|int|float|bool|null $value): string|false
    {
        $before = \ini_alter($name, $value);
        if ($before !== false) {
            self::$ini[$name] ??= $before;
            unset(self::$makers[$name]);
            foreach (\debug_backtrace(\DEBUG_BACKTRACE_PROVIDE_OBJECT | \DEBUG_BACKTRACE_IGNORE_ARGS, self::FRAMES) as $frame) {
                if ($frame['function'] === '__construct' && isset($frame['object'])) {
                    self::$makers[$name] = \WeakReference::create($frame['object']);
                }
            }
        }
        return $before;
    }

    /** Sets an ini value unless it is null; false if PHP refuses it, else the value before. */
    public static function setting(string $name, string|int|null $value): string|false
    {
        return $value === null ? \ini_get($name) : self::ini($name, $value);
    }

    /** Sets the attributes of the session's cookie, those that are not null. */
    public static function cookie(array $options): bool
    {
        $done = true;
        foreach ($options as $key => $value) {
            $key = \strtolower((string) $key);
            if (!\in_array($key, ['lifetime', 'path', 'domain', 'secure', 'httponly', 'samesite'], true)) {
                \trigger_error("session_set_cookie_params(): Argument #1 (\$lifetime_or_options) contains an unrecognized key \"$key\"", \E_USER_WARNING);
            } elseif ($value !== null) {
                $done = self::ini("session.cookie_$key", \is_bool($value) ? (int) $value : (string) $value) !== false && $done;
            }
        }
        return $done;
    }

    /** Sets an environment variable, or removes it if the value is null. Only with {@see Library}. */
    public static function environment(string $name, ?string $value): bool
    {
        if (!\array_key_exists($name, self::$environment)) {
            self::$environment[$name] = Library::c()->getenv($name);
        }
        return Library::environment($name, $value);
    }

    /** Seeds mt_rand; null for a seed that nobody knows. Only with {@see Library}. */
    public static function seed(?int $seed): void
    {
        self::$seeded = $seed !== null;
        Library::c()->php_mt_srand(($seed ?? \random_int(0, 0xFFFFFFFF)) & 0xFFFFFFFF);
    }
}
