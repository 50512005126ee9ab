<?php

declare(strict_types=1);

namespace Relais\Resident;

/**
 * What the process is set to, put back after each request to what it was when the application had booted. What setters recorded is put back
 * from the {@see Recorder}; what PHP tells in some nanoseconds, and whose setters cannot be recorded, is compared. Both together take about
 * a microsecond if nothing has changed.
 */
final class State
{
    /** @var list<string> what could not be put back: if there is any, the script has to end after this request, which boots anew */
    public static array $spoiled = [];

    /** The names of what {@see look} tells. */
    private const NAMES = [
        'error_reporting', 'error handler', 'exception handler', 'time zone', 'locale', 'autoloaders', 'stream wrappers',
        'default stream context', 'working directory', 'umask', 'environment',
    ];

    /** Functions of PHP without which nothing can be put back. */
    private const NEEDED = [
        'ini_alter', 'ini_get', 'ini_get_all', 'ini_restore', 'error_reporting', 'set_error_handler', 'restore_error_handler',
        'set_exception_handler', 'restore_exception_handler', 'date_default_timezone_set', 'setlocale', 'stream_register_wrapper',
        'stream_wrapper_unregister', 'stream_wrapper_restore', 'getcwd', 'spl_autoload_functions', 'chdir', 'umask', 'tempnam', 'unlink',
        'rename', 'copy',
    ];

    /** @var list<mixed> what {@see look} told after the boot */
    private static array $booted = [];

    /** @var array<string, string> ini values that the boot set, or an object that stays */
    private static array $ini = [];

    /** @var array<string, ?string> environment variables that the boot set, as they were before it */
    private static array $environment = [];

    private static ?int $mask = null;

    private static ?string $folder = null;

    /** Whether the setters of the environment, of umask and folder, and of seeds are recorded: they need {@see Library}. */
    private static bool $recorded = false;

    /** @var array<string, ?string> all ini values before the last checked request; kept, so that its memory is not counted as the request's */
    private static array $watched = [];

    private static bool $watching = false;

    /** @var list<string> */
    private static array $put = [];

    /** @throws \RuntimeException if a function is missing that the runtime cannot do without */
    public static function needs(): void
    {
        foreach (self::NEEDED as $function) {
            if (!\function_exists($function)) {
                throw new \RuntimeException("A resident function needs $function(), which the setting disable_functions takes from it.");
            }
        }
    }

    /** Remembers how the boot left the process: to be called once, when it is complete and before the first request. */
    public static function booted(): void
    {
        self::$recorded = Library::redefined('putenv', 'chdir', 'umask', 'mt_srand', 'srand');
        foreach (\array_keys(Recorder::$ini) as $name) {
            self::$ini[$name] = (string) \ini_get($name);
        }
        self::$environment = Recorder::$environment;
        self::$mask = Recorder::$mask;
        self::$folder = Recorder::$folder;
        Recorder::$ini = Recorder::$makers = Recorder::$environment = [];
        Recorder::$mask = Recorder::$folder = null;
        Callbacks::booted();
        Streams::booted();
        Features::booted();
        self::reseed();
        self::$booted = self::look();
    }

    /** Before a request: has all ini values compared after it, also those that nothing records. */
    public static function watch(): void
    {
        self::$watched = \ini_get_all(null, false);
        self::$watching = true;
    }

    /**
     * Puts back what the request changed. To be called after each request, when its session is closed and before the superglobals are
     * removed; also after one that was ended by exit or by a fatal error.
     *
     * @return list<string> what was changed and is as before now, or is in {@see $spoiled}; never a value
     */
    public static function putBack(): array
    {
        self::$put = [];
        \json_last_error() === 0 || \json_encode(0);
        \date_get_last_errors() === false || \date_create('now');
        if (Recorder::$ini !== []) {
            self::putBackRecordedIni();
        }
        foreach (self::$ini as $name => $before) {
            if (\ini_get($name) !== $before) {
                self::putBackIni($name, $before);
            }
        }
        if (!self::$recorded) {
            self::reseed();
        } elseif (Recorder::$seeded || Recorder::$environment !== [] || Recorder::$mask !== null || Recorder::$folder !== null) {
            self::putBackRecorded();
        }
        $now = self::look();
        if ($now !== self::$booted || Recorder::$wrapped) {
            if (Recorder::$wrapped) {
                \array_push(self::$put, ...Streams::putBack());
            }
            foreach ($now as $i => $value) {
                if ($value !== self::$booted[$i]) {
                    self::change(self::NAMES[$i], self::$booted[$i], $value);
                }
            }
            self::$booted = self::look();
        }
        $checked = self::$watching;
        if ($checked) {
            self::putBackWatched();
        }
        $features = Features::putBack();
        $connections = Connections::rollBack($checked);
        return $features === [] && $connections === [] ? self::$put : [...self::$put, ...$features, ...$connections];
    }

    /** Puts back what the boot changed outside of what PHP forgets with a script. To be called when the script ends. */
    public static function end(): void
    {
        Recorder::$environment = self::$environment + Recorder::$environment;
        Recorder::$mask = self::$mask ?? Recorder::$mask;
        Recorder::$folder = self::$folder ?? Recorder::$folder;
        self::putBackRecorded();
    }

    /**
     * What the process is set to, as far as PHP tells it at next to no cost.
     *
     * @return list<mixed> in the order of {@see NAMES}
     */
    private static function look(): array
    {
        $error = \set_error_handler(null);
        \restore_error_handler();
        $exception = \set_exception_handler(null);
        \restore_exception_handler();
        return [
            \error_reporting(),
            $error,
            $exception,
            \date_default_timezone_get(),
            \setlocale(\LC_ALL, '0'),
            \spl_autoload_functions(),
            \count(\stream_get_wrappers()),
            \stream_context_get_options(\stream_context_get_default()),
            self::$recorded ? null : \getcwd(),
            self::$recorded ? null : \umask(),
            self::$recorded ? null : \getenv(),
        ];
    }

    /** Puts one of those back that {@see look} tells. */
    private static function change(string $name, mixed $before, mixed $now): void
    {
        if ($name === 'stream wrappers' || $name === 'autoloaders') {
            $put = $name === 'autoloaders' ? Callbacks::putBackAutoloaders($before, $now) : Streams::putBack();
            \array_push(self::$put, ...$put);
            return;
        }
        self::$put[] = $name;
        $done = match ($name) {
            'error_reporting' => \error_reporting($before),
            'error handler' => Callbacks::putBackErrorHandler($before),
            'exception handler' => Callbacks::putBackExceptionHandler($before),
            'time zone' => \date_default_timezone_set($before),
            'locale' => \setlocale(\LC_ALL, $before),
            'default stream context' => false,
            'working directory' => \chdir($before),
            'umask' => \umask($before),
            'environment' => self::putBackVariables($before, $now),
        };
        if ($done === false) {
            self::$spoiled[] = $name;
        }
    }

    private static function putBackWatched(): void
    {
        self::$watching = false;
        foreach (\ini_get_all(null, false) as $name => $now) {
            if ($now !== (self::$watched[$name] ?? null) && $now !== (self::$ini[$name] ?? null) && !Features::keeps($name, $now)) {
                self::putBackIni($name, (string) (self::$watched[$name] ?? ''));
            }
        }
    }

    private static function putBackRecordedIni(): void
    {
        $changed = \array_reverse(Recorder::$ini);
        Makers::begin();
        foreach ($changed as $name => $before) {
            $now = (string) \ini_get($name);
            if ($now !== $before && Makers::stays($name)) {
                self::$ini[$name] = $now;
                Features::keep($name, $now);
            } elseif ($now !== $before && !isset(self::$ini[$name])) {
                self::putBackIni($name, $before);
            }
        }
        Recorder::$ini = Recorder::$makers = [];
    }

    /** An ini value that the boot did not set becomes that of PHP's own settings again, which may be none at all. */
    private static function putBackIni(string $name, string $before): void
    {
        self::$put[] = "ini $name";
        if (!isset(self::$ini[$name])) {
            \ini_restore($name);
        }
        if (\ini_get($name) !== $before && @\ini_alter($name, $before) === false) {
            self::$spoiled[] = "ini $name";
        }
    }

    private static function putBackRecorded(): void
    {
        if (Recorder::$environment !== []) {
            foreach (Recorder::$environment as $name => $value) {
                Library::environment((string) $name, $value);
                self::$put[] = "environment $name";
            }
            Recorder::$environment = [];
        }
        if (Recorder::$mask !== null) {
            Library::c()->umask(Recorder::$mask);
            Recorder::$mask = null;
            self::$put[] = 'umask';
        }
        if (Recorder::$folder !== null) {
            self::$put[] = 'working directory';
            if (Library::c()->chdir(Recorder::$folder) !== 0) {
                self::$spoiled[] = 'working directory';
            }
            Recorder::$folder = null;
        }
        if (Recorder::$seeded) {
            self::$put[] = 'seed of mt_rand';
            self::reseed();
        }
    }

    /** Without {@see Library}: puts the whole environment back. */
    private static function putBackVariables(array $before, array $now): void
    {
        foreach (\array_diff_key($now, $before) as $name => $_) {
            \putenv((string) $name);
        }
        foreach (\array_diff_assoc($before, $now) as $name => $value) {
            \putenv("$name=$value");
        }
    }

    /** Gives mt_rand a seed that nobody knows, so that a seed of a request or of the boot tells nothing about another request's numbers. */
    private static function reseed(): void
    {
        self::$recorded ? Recorder::seed(null) : \mt_srand(\random_int(0, 0xFFFFFFFF));
        Recorder::$seeded = false;
    }
}
