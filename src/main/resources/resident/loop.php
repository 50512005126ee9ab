<?php

declare(strict_types=1);

namespace Relais\Resident;

/**
 * The life of a resident process: it boots the application, connects back to the gateway, and serves one request after the other on that
 * inner connection, until it is closed or the script ends.
 */
final class Loop
{
    /** The messages were on the outer connection before the end was told. */
    private const MESSAGES = 1;

    /** The script ends after this request. */
    private const LAST = 2;

    /** The number of the first checked request of a boot: what is made at the first use is there by then. */
    private const FIRST_CHECKED = 24;

    /** So long after a time limit was set it is set again: the process cannot have used more of the processor. */
    private const RENEWED_SECONDS = 0.5;

    private const NAMES = ['RELAIS_SOCKET', 'RELAIS_NONCE', 'RELAIS_SCRIPT', 'RELAIS_FOLDER', 'RELAIS_WAY', 'RELAIS_MARK', 'RELAIS_HINT',
        'RELAIS_LEFT', 'RELAIS_CHECK', 'RELAIS_STRICT', 'RELAIS_FUNCTION', 'RELAIS_MAX_REQUESTS'];

    /** @var array<string, string> what the gateway has told at the boot, RELAIS_… */
    private static array $told = [];

    /** @var array<string, mixed> */
    private static array $server = [];

    /** @var array<string, mixed> */
    private static array $env = [];

    private static ?Wire $wire = null;

    /** Whether a request was received and its end not told yet. */
    private static bool $open = false;

    /** Whether its answer is complete for the client. */
    private static bool $complete = false;

    /** Whether the peak of memory can be that of a request (PHP 8.2). */
    private static bool $measures = false;

    private static bool $used = false;
    private static bool $checked = false;
    private static int $every = 0;
    private static int $count = 0;
    private static string $limit = '';
    private static float $renewed = 0.0;
    private static bool $hasState = false;

    /** At the start of the boot script. */
    public static function boot(): void
    {
        State::needs();
        Native::load();
        Output::boot();
        foreach (self::NAMES as $name) {
            self::$told[$name] = (string) ($_SERVER[$name] ?? Native::variable($name));
            unset($_SERVER[$name], $_ENV[$name]);
        }
        Request::boot(self::environment());
        if (self::$told['RELAIS_SCRIPT'] !== '') {
            $_SERVER['SCRIPT_FILENAME'] = self::$told['RELAIS_SCRIPT'];
            chdir(dirname(self::$told['RELAIS_SCRIPT']));
        } else {
            chdir(self::$told['RELAIS_FOLDER']);
        }
        self::$server = $_SERVER;
        self::$env = $_ENV;
        Shutdown::register();
    }

    /** What the gateway has told of this function. */
    public static function told(string $name): string
    {
        return self::$told[$name] ?? '';
    }

    /** Whether a script's code runs for a request. */
    public static function running(): bool
    {
        return self::$open;
    }

    /** Whether this process serves requests, or is about to; otherwise functions do what PHP's own do. */
    public static function exists(): bool
    {
        return self::$told !== [];
    }

    /**
     * Serves until the gateway closes.
     *
     * @param mixed $handler what the worker script has returned: a function without parameters, unless it has served requests itself
     */
    public static function serve(mixed $handler): void
    {
        if (!is_callable($handler)) {
            if (self::$used) {
                return;
            }
            throw new \LogicException('The script ' . self::told('RELAIS_SCRIPT')
                . ' of this resident function has to return a function without parameters, or to call frankenphp_handle_request().');
        }
        Places::worker($handler);
        self::$open && self::end(); // of frankenphp_handle_request
        while (self::next()) {
            self::call($handler);
            self::handled();
            self::end();
        }
    }

    /**
     * Waits for a request and runs the function for it, as frankenphp_handle_request does. The client has its answer then; the gateway is told
     * of the end at the next call, so that no request comes while the script goes on.
     *
     * @return bool false when the gateway has closed
     */
    public static function handle(callable $handler): bool
    {
        self::$used = true;
        if (self::$open) {
            self::end();
        }
        Places::worker($handler);
        if (!self::next()) {
            return false;
        }
        self::call($handler);
        self::handled();
        self::complete();
        return true;
    }

    /** Completes the answer for the client; the request goes on. False when it was complete before. */
    public static function complete(): bool
    {
        if (self::$complete) {
            return false;
        }
        self::$complete = true;
        Output::complete();
        Output::message(self::told('RELAIS_MARK'));
        Output::flush();
        return true;
    }

    /** The script is over, and its buffers are flushed: this request has no other end than this. */
    public static function last(): void
    {
        if (self::$open) {
            ini_alter('memory_limit', '-1');
            Shutdown::$over || Shutdown::engine(); // without the session extension nothing else calls it
            Session::close();
            Output::complete();
            Uploads::end();
            self::tell(self::LAST);
            Output::reset(); // what FPM sends on the outer connection has a head of its own
        }
        if (self::$hasState) {
            State::end();
        }
        self::$wire?->close();
        self::$wire = null;
    }

    private static function next(): bool
    {
        if (self::$wire === null) {
            self::connect();
        }
        $params = self::$wire->receive();
        if ($params === null) {
            return false;
        }
        self::$open = true;
        self::$complete = false;
        self::$measures && memory_reset_peak_usage();
        $time = microtime(true);
        self::renewLimit($time);
        if (self::$every > 0) {
            self::$checked = self::isChecked(self::$count++);
            self::$checked && Leaks::measure();
        }
        Output::begin();
        Request::begin($params, self::$wire, $time);
        Session::begin();
        self::$checked && Leaks::before();
        return true;
    }

    private static function connect(): void
    {
        $path = self::told('RELAIS_SOCKET');
        $channel = Native::$c === null ? StreamChannel::connect($path) : NativeChannel::connect(Native::$c, $path);
        if ($channel === null) {
            throw new \RuntimeException("The gateway's socket $path takes no connection.");
        }
        self::$wire = new Wire($channel);
        self::$limit = (string) ini_get('max_execution_time');
        self::$hasState = class_exists(State::class, false);
        self::$measures = function_exists('memory_reset_peak_usage');
        self::$every = (int) self::told('RELAIS_CHECK');
        self::$every > 0 && self::told('RELAIS_STRICT') === '1' and self::$every = 1;
        Session::booted();
        Request::booted(self::$server, self::$env, self::$used);
        Input::boot();
        if (self::$hasState) {
            State::booted();
        }
        Output::booted(self::$wire);
        error_clear_last();
        Native::flush(); // what the boot had to say belongs to no request
        self::$wire->hello('RELAIS/1 ' . self::told('RELAIS_NONCE') . ' ' . self::pid() . "\n");
    }

    /** Many lists of functions to disable have getmypid. */
    private static function pid(): int
    {
        return match (true) {
            Native::$c !== null => Native::$c->getpid(),
            function_exists('getmypid') => (int) getmypid(),
            default => (int) basename((string) readlink('/proc/self')),
        };
    }

    /** Each request, or eight in a row of eight times as many, since it takes some to tell growth from a cache that fills. */
    private static function isChecked(int $number): bool
    {
        if (self::$every < 8) {
            return $number % self::$every === 0;
        }
        $place = $number % (8 * self::$every);
        return $place >= self::FIRST_CHECKED && $place < self::FIRST_CHECKED + 8;
    }

    private static function call(callable $handler): void
    {
        try {
            $handler();
        } catch (\Throwable $e) {
            self::withoutLoop($e);
            throw $e;
        }
    }

    /** The script has served the request: what PHP does at a script's end. Ends the script where that cannot be done from PHP. */
    private static function handled(): void
    {
        Shutdown::request();
        if (!Output::endBuffers()) {
            exit;
        }
        Session::close();
    }

    /** Puts back what the request has changed, and tells the gateway that it is over. */
    private static function end(): void
    {
        Shutdown::request(); // what was registered since the answer was complete
        Output::complete();
        Output::rethrow(); // the head's callback, where the script has put nothing out
        Input::end();
        Uploads::end();
        Session::close(); // it was opened after the answer was complete
        $put = self::$hasState ? Features::session() : [];
        Request::end(); // with the destructors of what superglobals held
        $put = self::$hasState ? [...$put, ...State::putBack()] : [];
        $flags = self::$hasState && State::$spoiled !== [] ? self::LAST : 0;
        if (self::$checked) {
            $flags |= self::check($put);
        }
        Output::reset(); // last, for destructors may set fields
        Session::forget();
        self::tell($flags);
        if ($flags !== 0) {
            exit;
        }
    }

    private static function tell(int $flags): void
    {
        $failed = error_get_last() !== null;
        if ($failed || Messages::$sent || Native::hasMessages()) {
            Messages::$sent = false;
            $failed && error_clear_last();
            $flags |= Native::flush() ? self::MESSAGES : 0;
        }
        self::$open = false;
        Output::end($flags);
    }

    /**
     * Tells what the request has left; LAST when the function is strict about it.
     *
     * @param list<string> $put
     */
    private static function check(array $put): int
    {
        $left = Leaks::after();
        $strict = self::told('RELAIS_STRICT') === '1' && Leaks::isLeak($left);
        if ($put !== [] || $left !== []) {
            $told = json_encode(['put' => $put, 'left' => $left, 'strict' => $strict], JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_SLASHES);
            Output::message(self::told('RELAIS_LEFT') . $told);
        }
        return $strict ? self::LAST : 0;
    }

    /** The time limit counts from the request's start; a little of it may be gone, for setting it costs as much as parsing a request. */
    private static function renewLimit(float $now): void
    {
        $same = ini_get('max_execution_time') === self::$limit;
        if ($same && (self::$limit === '0' || $now < self::$renewed && $now > self::$renewed - self::RENEWED_SECONDS)) {
            return;
        }
        self::$renewed = $now + min(self::RENEWED_SECONDS, (int) self::$limit / 20);
        ini_alter('max_execution_time', self::$limit); // sets the clock, and nobody records it
    }

    /**
     * An exception's trace ends where the application's code does, as in PHP-FPM.
     *
     * @param bool $last whether the last function of the application's is told, as FPM tells who is called at the end
     */
    public static function withoutLoop(?\Throwable $e, bool $last = false): void
    {
        for (; $e !== null; $e = $e->getPrevious()) {
            foreach ($frames = $e->getTrace() as $i => $frame) {
                if (str_starts_with($frame['file'] ?? '', __DIR__ . '/')) {
                    unset($frames[$i]['file'], $frames[$i]['line']);
                    $trace = new \ReflectionProperty($e instanceof \Exception ? \Exception::class : \Error::class, 'trace');
                    $trace->setValue($e, array_slice($frames, 0, $last ? $i + 1 : $i));
                    break;
                }
            }
        }
    }

    /** @return array<string, string> of the process, without what the gateway has sent */
    private static function environment(): array
    {
        if (Native::$c === null) {
            return array_filter($_SERVER, fn ($value, $name) => is_string($value) && getenv((string) $name, true) === $value, ARRAY_FILTER_USE_BOTH);
        }
        return ProcessEnvironment::all();
    }
}
