<?php

declare(strict_types=1);

namespace Relais\Resident;

use function header_remove;
use function headers_list;
use function http_response_code;
use function ini_get;
use function strlen;
use function strncasecmp;

/**
 * The answer of the running request. It has the lowest output buffer, which can neither be removed nor cleaned, so that PHP-FPM never
 * sends a head of its own and all functions that deal with the head work for each request. As PHP-FPM, it collects 8 KiB before it writes.
 */
final class Output
{
    private const COLLECTED = 8192;

    /** Half of what clients take as a whole head. */
    private const MOST_HINTS = 8 << 10;

    /** Whether the head is fixed. */
    public static bool $headSent = false;

    /** Where the output began: file and line, once a script has asked for it or goes on after it. */
    public static string $file = '';
    public static int $line = 0;

    /** Whether each output is written at once (ob_implicit_flush). */
    public static bool $implicit = false;

    /** Whether the client has gone. */
    public static bool $aborted = false;

    /** @var callable|null of header_register_callback */
    public static $headCallback = null;

    /** What that has thrown. */
    private static ?\Throwable $thrown = null;

    private static ?Wire $wire = null;

    /** Whether the script is over, so that what it has put out goes with the end. */
    private static bool $gathers = false;

    /** What the boot puts out, until the first request. */
    private static string $boot = '';

    /** Body bytes that were not written yet. */
    private static string $body = '';

    /** Records that were not written yet. */
    private static string $records = '';

    /** Whether output is dropped: the answer is complete or has no body. */
    private static bool $dropped = true;

    private static bool $exposed = false;
    private static int $buffering = 0;
    private static string $handler = '';

    /** At the start of the boot: in place of the buffer that FPM has opened. */
    public static function boot(): void
    {
        while (@ob_end_clean());
        self::$exposed = (bool) ini_get('expose_php');
        self::$handler = (string) ini_get('output_handler');
        $buffering = strtolower((string) ini_get('output_buffering'));
        self::$buffering = match ($buffering) {
            '', 'off', 'no', 'false' => 0,
            'on', 'yes', 'true' => 1,
            default => Variables::bytes($buffering),
        };
        self::restore();
    }

    /**
     * Sets the lowest buffer up, also again: the engine discards all buffers when memory is exhausted, and disables one whose callback was
     * left by exit.
     *
     * @return bool whether there was none
     */
    public static function restore(): bool
    {
        $lowest = ob_get_status(true)[0] ?? null;
        if ($lowest === null && str_contains(error_get_last()['message'] ?? '', 'output buffering display handlers')) {
            return false; // the engine's output has ended, and cannot begin again
        }
        if ($lowest === null || ($lowest['flags'] & PHP_OUTPUT_HANDLER_DISABLED) !== 0) {
            ob_start([self::class, 'take'], 1, 0);
        }
        return $lowest === null;
    }

    /** The boot is over. */
    public static function booted(Wire $wire): void
    {
        self::$wire = $wire;
        self::$boot = '';
        self::reset();
    }

    public static function begin(): void
    {
        self::$dropped = self::$headSent = self::$aborted = self::$gathers = false;
        self::$implicit = (bool) ini_get('implicit_flush');
        if (self::$handler !== '') {
            ob_start(self::$handler);
        } elseif (self::$buffering > 0) {
            ob_start(null, self::$buffering > 1 ? self::$buffering : 0);
        }
    }

    /** The callback of the lowest buffer. */
    public static function take(string $bytes, int $phase): string
    {
        $last = ($phase & PHP_OUTPUT_HANDLER_FINAL) !== 0;
        if (!Shutdown::$over && ($phase & PHP_OUTPUT_HANDLER_CLEAN) !== 0) {
            return '';
        }
        if (self::$wire === null) {
            self::$boot .= $bytes;
            return $last ? self::$boot : '';
        }
        self::$gathers = self::$gathers || $last;
        if ($bytes !== '' && !self::$dropped) {
            self::$headSent || self::head(!self::$gathers);
            if (Request::$method === 'HEAD') {
                self::$dropped = true;
            } else {
                self::$body .= $bytes;
                if (!self::$gathers && (self::$implicit || Native::$php === null || strlen(self::$body) >= self::COLLECTED)) {
                    self::flush();
                }
            }
        }
        if ($last) {
            Loop::last();
        }
        return '';
    }

    /** Writes what there is. A script whose client has gone ends here, unless it wants to go on. */
    public static function flush(): void
    {
        $records = self::taken();
        if ($records !== '' && !self::$aborted && !self::$wire->write($records)) {
            self::$aborted = true;
        }
        if (self::$aborted) {
            self::$dropped = true;
            if (!self::$gathers && !ignore_user_abort()) {
                exit;
            }
        }
    }

    /** From PHP 8.4 on flush() sends the head of an answer that has no body yet; then the engine knows no place where output began. */
    public static function sendHead(): void
    {
        if (PHP_VERSION_ID >= 80400 && !self::$headSent && !self::$dropped) {
            self::head(true, false);
        }
    }

    /** A message to the gateway, in its place among the output. */
    public static function message(string $text): void
    {
        self::$records = self::taken() . self::$wire->message($text);
    }

    /** Sends the fields so far as 103 (Early Hints); false when that is not possible. */
    public static function hint(): bool
    {
        $fields = implode("\r\n", headers_list());
        if (self::$headSent || $fields === '' || strlen($fields) > self::MOST_HINTS) {
            return false;
        }
        self::message(Loop::told('RELAIS_HINT') . base64_encode("$fields\r\n\r\n") . '.');
        self::flush();
        return true;
    }

    /** Ends the buffers as the end of a request does; false when one cannot be ended. */
    public static function endBuffers(): bool
    {
        self::$gathers = true;
        $status = ob_get_status();
        for ($level = $status['level']; $level > 0;) {
            if (($status['flags'] & PHP_OUTPUT_HANDLER_REMOVABLE) === 0) {
                return false;
            }
            try {
                ob_end_flush();
            } catch (\Throwable $e) {
                Loop::withoutLoop($e, true);
                throw $e;
            }
            if (--$level > 0) {
                $status = ob_get_status();
            }
        }
        self::rethrow();
        return true;
    }

    /** Throws what the head's callback has thrown. */
    public static function rethrow(): void
    {
        if (self::$thrown !== null) {
            [$thrown, self::$thrown] = [self::$thrown, null];
            Loop::withoutLoop($thrown, true);
            throw $thrown;
        }
    }

    /** Completes the answer for the client: what comes now is dropped. */
    public static function complete(): void
    {
        self::$headSent || self::head(false);
        self::$dropped = true;
    }

    /** What the engine holds of the head is as at a request's start. The answer's is complete. */
    public static function reset(): void
    {
        $sapi = Native::$sapi;
        if ($sapi !== null && $sapi->sendType !== 1) {
            $sapi->headersSent = 0;
            $sapi->sendType = 1;
        }
        if (http_response_code() !== 200) {
            header('Relais: 1', true, 200); // has the status line forgotten, too, where another code is set
        } elseif ($sapi !== null && $sapi->statusLine !== null) {
            header('Relais: 1', true, 500);
            header('Relais: 1', true, 200);
        }
        header_remove();
        if (self::$exposed) {
            header('X-Powered-By: PHP/' . PHP_VERSION);
        }
        self::$headCallback = null;
        output_reset_rewrite_vars();
        if (self::$file !== '') {
            self::$file = '';
            self::$line = 0;
            Native::outputBegan('', 0);
        }
    }

    /** Ends the request for the gateway: after its body, as PHP-FPM does, for the gateway takes no end before. */
    public static function end(int $flags): bool
    {
        if (!self::$wire->hasNoBody()) {
            self::$wire->write(self::taken());
            while (self::$wire->body() !== '');
        }
        return self::$wire->write(self::taken() . self::$wire->end($flags)) && !self::$aborted;
    }

    private static function taken(): string
    {
        $records = self::$records;
        if (self::$body !== '') {
            $records .= self::$wire->output(self::$body);
            self::$body = '';
        }
        self::$records = '';
        return $records;
    }

    /**
     * @param bool $goesOn whether the script does, and may ask where its output began or try to change the head
     * @param bool $isOutput whether output is the reason
     */
    private static function head(bool $goesOn, bool $isOutput = true): void
    {
        if ($goesOn || self::$headCallback !== null) {
            self::addType();
        }
        if (self::$headCallback !== null) {
            $callback = self::$headCallback;
            self::$headCallback = null;
            try {
                $callback();
            } catch (\Throwable $e) {
                self::$thrown = $e; // to leave a buffer's callback by it would disable the buffer
            }
        }
        self::$headSent = true;
        $code = http_response_code();
        $lines = headers_list();
        $head = $code === 200 ? '' : self::status($code, $lines);
        $typed = false;
        $told = $head !== '';
        foreach ($lines as $line) {
            if (strncasecmp($line, 'Content-Type:', 13) === 0) {
                $typed = true;
                if ($code === 304) {
                    continue;
                }
            } elseif (strncasecmp($line, 'Status:', 7) === 0) {
                if ($told) {
                    continue;
                }
                $told = true;
            }
            $head .= $line . "\r\n";
        }
        if (!$typed && $code !== 304 && (Native::$sapi === null || Native::$sapi->sendType === 1)) {
            $head .= self::type();
        }
        self::$body = $head . "\r\n";
        if ($goesOn) {
            if (Native::$sapi !== null) {
                Native::$sapi->headersSent = 1;
                Native::$sapi->sendType = 0;
            }
            foreach ($isOutput ? debug_backtrace(DEBUG_BACKTRACE_IGNORE_ARGS, 8) : [] as $frame) {
                if (isset($frame['file']) && !str_starts_with($frame['file'], __DIR__)) {
                    [self::$file, self::$line] = [$frame['file'], $frame['line'] ?? 0];
                    Native::outputBegan(self::$file, self::$line);
                    break;
                }
            }
        }
    }

    /** The field that PHP adds where a script has set none, with its line's end. */
    private static function type(): string
    {
        $mime = (string) ini_get('default_mimetype');
        if ($mime === '') {
            return '';
        }
        $charset = strncasecmp($mime, 'text/', 5) === 0 ? (string) ini_get('default_charset') : '';
        return $charset === '' ? "Content-type: $mime\r\n" : "Content-type: $mime; charset=$charset\r\n";
    }

    /** Has the engine know that field, for scripts that look at the head later. */
    private static function addType(): void
    {
        $type = self::type();
        if ($type !== '' && !preg_grep('/^Content-Type:/i', headers_list())) {
            header(substr($type, 0, -2));
        }
    }

    /** @param list<string> $lines */
    private static function status(int $code, array $lines): string
    {
        $line = Native::$sapi?->statusLine;
        $line = $line === null ? '' : \FFI::string($line);
        if (preg_match('~^HTTP/[^ ]* (.*)$~is', $line, $match)) {
            return "Status: $match[1]\r\n";
        }
        foreach ($lines as $own) {
            if (strncasecmp($own, 'Status:', 7) === 0) {
                return '';
            }
        }
        $reason = Reasons::of($code);
        return "Status: $code$reason\r\n";
    }
}

/** The reasons that PHP-FPM writes behind a status (sapi/fpm/fpm/fpm_main.c). */
final class Reasons
{
    private const ALL = [
        100 => 'Continue', 101 => 'Switching Protocols', 200 => 'OK', 201 => 'Created', 202 => 'Accepted',
        203 => 'Non-Authoritative Information', 204 => 'No Content', 205 => 'Reset Content', 206 => 'Partial Content', 208 => 'Already Reported',
        300 => 'Multiple Choices', 301 => 'Moved Permanently', 302 => 'Found', 303 => 'See Other', 304 => 'Not Modified', 305 => 'Use Proxy',
        307 => 'Temporary Redirect', 308 => 'Permanent Redirect', 400 => 'Bad Request', 401 => 'Unauthorized', 402 => 'Payment Required',
        403 => 'Forbidden', 404 => 'Not Found', 405 => 'Method Not Allowed', 406 => 'Not Acceptable', 407 => 'Proxy Authentication Required',
        408 => 'Request Timeout', 409 => 'Conflict', 410 => 'Gone', 411 => 'Length Required', 412 => 'Precondition Failed',
        413 => 'Request Entity Too Large', 414 => 'Request-URI Too Long', 415 => 'Unsupported Media Type',
        416 => 'Requested Range Not Satisfiable', 417 => 'Expectation Failed', 426 => 'Upgrade Required', 428 => 'Precondition Required',
        429 => 'Too Many Requests', 431 => 'Request Header Fields Too Large', 451 => 'Unavailable For Legal Reasons',
        500 => 'Internal Server Error', 501 => 'Not Implemented', 502 => 'Bad Gateway', 503 => 'Service Unavailable', 504 => 'Gateway Timeout',
        505 => 'HTTP Version Not Supported', 506 => 'Variant Also Negotiates', 511 => 'Network Authentication Required',
    ];

    public static function of(int $code): string
    {
        return isset(self::ALL[$code]) ? ' ' . self::ALL[$code] : '';
    }
}
