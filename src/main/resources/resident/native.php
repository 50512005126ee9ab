<?php

declare(strict_types=1);

namespace Relais\Resident;

/**
 * What PHP itself does not offer, by its FFI, which preloaded files may use with PHP's default ffi.enable=preload. Every part may be
 * missing (null), and whoever uses it does less then. Read once for each child, in its boot.
 */
final class Native
{
    private const C = 'int socket(int domain, int type, int protocol); int connect(int fd, const char *address, unsigned length);'
        . ' long recv(int fd, void *to, unsigned long size, int flags); long send(int fd, const char *bytes, unsigned long size, int flags);'
        . ' int close(int fd); int getpid(void); int *__errno_location(void); char *getenv(const char *name); extern char **environ;';

    private const PHP = 'void sapi_flush(void); void php_log_err_with_severity(const char *message, int severity);'
        . ' char *sapi_getenv(const char *name, size_t length);';

    /**
     * The versions at which the globals below are known to lie as they are described here: compared with the headers of each, and tried
     * with PHP-FPM. Another version does without them.
     */
    private const KNOWN = ['8.1', '8.2', '8.3', '8.4', '8.5'];

    /** A test comes before the use of this one and those that follow. */
    private const SAPI = 'typedef struct { void *head; void *tail; size_t count; size_t size; void *dtor; unsigned char persistent; void *at; }'
        . ' List; typedef struct { const char *method; char *query; char *cookies; long length; char *path; char *uri; void *body;'
        . ' const char *type; bool headersOnly; bool noHeaders; bool headersRead; void *entry; char *typeCopy; char *user; char *password;'
        . ' char *digest; char *argv0; char *owner; int ownerLength; int argc; char **argv; int protocol; } Info;'
        . ' typedef struct { long *context; Info info; List headers; int status; unsigned char sendType; char *mimeType; char *statusLine;'
        . ' int64_t read; unsigned char postRead; unsigned char headersSent; } Sapi; extern Sapi sapi_globals;';

    private const SESSION = 'typedef struct { unsigned count; unsigned info; unsigned long hash; size_t length; char text[11]; } Text;'
        . ' typedef struct { void *path; void *name; Text *id; } Session; extern Session ps_globals;';

    private const STREAM = 'void *_php_stream_memory_create(int mode); long _php_stream_write(void *stream, const char *bytes, unsigned long length);'
        . ' int _php_stream_seek(void *stream, long offset, int whence); int _php_stream_truncate_set_size(void *stream, unsigned long size);';

    private const OUTPUT = 'typedef struct { int size; int top; int max; void *elements; void *active; void *running; char *file; int line; int flags; }'
        . ' Output; extern Output output_globals; char *php_output_get_start_filename(void); int php_output_get_start_lineno(void);';

    private const ACTIVATED = 0x100000; // PHP_OUTPUT_ACTIVATED

    /** refcount 2, an interned string (never freed), no hash. */
    private const STRING_HEAD = "\2\0\0\0\x46\0\0\0\0\0\0\0\0\0\0\0";

    /** @var list<\FFI> what the types of all data belong to */
    private static array $kept = [];

    /** Functions of the C library. */
    public static ?\FFI $c = null;

    /** Functions that php-fpm exports. */
    public static ?\FFI $php = null;

    /** The SAPI's globals (main/SAPI.h), if they look as expected. */
    public static ?\FFI\CData $sapi = null;

    /** The start of the session extension's globals, if they look as expected. */
    public static ?\FFI\CData $session = null;

    /** What the output layer knows of the place where output began, if it looks as expected. */
    private static ?\FFI\CData $output = null;

    /** The name of a file as the engine keeps it there. */
    private static ?\FFI\CData $file = null;

    /** How many bytes of it come before the name's first: a zend_string's head from PHP 8.2 on. */
    private static int $fileHead = 0;

    /** FPM's request of the outer connection; null: what is in it is not known. */
    private static ?\FFI\CData $request = null;

    /** Where its buffer is filled to, as an index. */
    private static int $filled = 0;

    /** What stands there when nothing is buffered. */
    private static int $empty = 0;

    /** Functions of PHP's streams. */
    private static ?\FFI $streams = null;

    /** What PHP's own php://input reads from: one memory stream for all requests, since a script may have kept a handle. */
    private static ?\FFI\CData $body = null;

    /** The libraries alone, which need no test: a script that is no boot may have sent its head. */
    public static function libraries(): void
    {
        if (self::$c === null && class_exists(\FFI::class, false)) {
            self::$c = self::define(self::C);
            self::$php = self::define(self::PHP);
        }
    }

    /** At a boot, when nothing was sent. */
    public static function load(): void
    {
        if (!class_exists(\FFI::class, false)) {
            return;
        }
        self::libraries();
        if (self::isKnown()) {
            self::globals();
        }
    }

    /** Whether the engine's globals may be looked at: what lies elsewhere than expected cannot even be tested without danger. */
    private static function isKnown(): bool
    {
        return in_array(PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION, self::KNOWN, true) && !PHP_ZTS && !PHP_DEBUG
            && PHP_INT_SIZE === 8 && pack('S', 1) === "\1\0";
    }

    private static function globals(): void
    {
        $sapi = self::define(self::SAPI);
        self::$sapi = $sapi !== null && self::isSapi($sapi->sapi_globals) ? $sapi->sapi_globals : null;
        $session = function_exists('session_id') ? self::define(self::SESSION) : null;
        self::$session = $session !== null && self::isSession($session->ps_globals) ? $session->ps_globals : null;
        $output = self::define(self::OUTPUT);
        self::$output = $output !== null && self::isOutput($output) ? $output->output_globals : null;
        self::$sapi !== null && self::$php !== null && self::findBuffer($sapi);
        self::$streams = self::define(self::STREAM);
        if (self::$sapi !== null && self::$streams !== null) {
            self::$body = self::$streams->_php_stream_memory_create(0);
            self::$sapi->info->body = self::$body;
            self::$sapi->postRead = 1;
        }
    }

    /**
     * Has PHP's own php://input give this.
     *
     * @return bool false where that is not possible
     */
    public static function setBody(string $bytes): bool
    {
        if (self::$body === null) {
            return false;
        }
        self::$streams->_php_stream_seek(self::$body, 0, SEEK_SET);
        self::$streams->_php_stream_truncate_set_size(self::$body, 0);
        $bytes === '' || self::$streams->_php_stream_write(self::$body, $bytes, strlen($bytes));
        return true;
    }

    /** Has the engine tell this place in messages; an empty name: none. */
    public static function outputBegan(string $file, int $line): void
    {
        if (self::$output === null || strlen($file) > 4000) {
            return;
        }
        if ($file === '') {
            self::$output->file = null;
            return;
        }
        $text = (self::$fileHead === 0 ? '' : self::STRING_HEAD . pack('P', strlen($file))) . $file . "\0";
        \FFI::memcpy(self::$file, $text, strlen($text));
        self::$output->file = \FFI::addr(self::$file[0]);
        self::$output->line = $line;
    }

    private static function isOutput(\FFI $part): bool
    {
        $globals = $part->output_globals;
        if ($globals->size !== 8 || $globals->file !== null || $globals->line !== 0 || ($globals->flags & self::ACTIVATED) === 0) {
            return false;
        }
        self::$file = $part->new('char[4096]');
        $globals->file = \FFI::addr(self::$file[0]);
        $globals->line = 4711;
        $told = $part->php_output_get_start_filename();
        self::$fileHead = $part->cast('long', $told)->cdata - $part->cast('long', $globals->file)->cdata;
        $fits = $part->php_output_get_start_lineno() === 4711 && in_array(self::$fileHead, [0, 24], true);
        $globals->file = null;
        $globals->line = 0;
        return $fits;
    }

    /**
     * Writes what FPM has buffered for the outer connection. From PHP 8.4 on FPM sends a head with it unless one was sent, after which the
     * engine takes no more fields; without its globals the messages wait then until the buffer is full or the script ends.
     *
     * @return bool whether it was written
     */
    public static function flush(): bool
    {
        if (self::$sapi !== null && self::$php !== null) {
            $sent = self::$sapi->headersSent;
            self::$sapi->headersSent = 1;
            self::$php->sapi_flush();
            self::$sapi->headersSent = $sent;
            return true;
        }
        if (PHP_VERSION_ID >= 80400) {
            return false;
        }
        self::$php === null ? flush() : self::$php->sapi_flush();
        return true;
    }

    /** Finds the pointer that points right behind itself: out_pos in the fcgi_request of main/fastcgi.c, when nothing is buffered. */
    private static function findBuffer(\FFI $part): void
    {
        self::flush();
        $request = self::$sapi->context;
        $address = $part->cast('long', $request)->cdata;
        for ($i = 1; $i < 16; $i++) {
            if ($request[$i] === $address + 8 * ($i + 1)) {
                self::$request = $request;
                self::$filled = $i;
                self::$empty = $request[$i];
                return;
            }
        }
    }

    /** Whether FPM may have messages that it has not written to the outer connection. */
    public static function hasMessages(): bool
    {
        return self::$request === null || self::$request[self::$filled] !== self::$empty;
    }

    /** A variable of FPM's own request, also where variables_order keeps it out of $_SERVER. */
    public static function variable(string $name): string
    {
        if (self::$php === null) {
            return (string) getenv($name);
        }
        $value = self::$php->sapi_getenv($name, strlen($name));
        return $value === null ? '' : \FFI::string($value);
    }

    private static function define(string $text): ?\FFI
    {
        try {
            return self::$kept[] = \FFI::cdef($text);
        } catch (\Throwable) {
            return null;
        }
    }

    /** Changes what can be changed from PHP, and looks whether the globals show it where they are expected. */
    private static function isSapi(\FFI\CData $globals): bool
    {
        $count = count(headers_list());
        header('HTTP/1.1 418 Relais');
        header('Relais-Test: 1');
        $fits = $globals->status === 418 && $globals->headers->count === $count + 1 && $globals->headersSent === 0
            && $globals->sendType === 1 && $globals->statusLine !== null && \FFI::string($globals->statusLine, 12) === 'HTTP/1.1 418';
        header('Relais-Test: 1', true, 200); // another code than before has the status line forgotten
        header_remove('Relais-Test');
        return $fits && $globals->status === 200 && $globals->headers->count === $count && $globals->statusLine === null;
    }

    private static function isSession(\FFI\CData $globals): bool
    {
        if (session_status() !== PHP_SESSION_NONE || $globals->id !== null) {
            return false;
        }
        session_id('relais-test');
        $fits = $globals->id !== null && $globals->id->length === 11 && \FFI::string($globals->id->text, 11) === 'relais-test';
        session_id('');
        if ($fits) {
            $globals->id = null;
        }
        return $fits;
    }
}

/** Variables of the process's environment, by the C library. */
final class ProcessEnvironment
{
    public static function get(string $name): string|false
    {
        $value = Native::$c->getenv($name);
        return $value === null ? false : \FFI::string($value);
    }

    /** @return array<string, string> */
    public static function all(): array
    {
        $all = [];
        $environment = Native::$c->environ;
        for ($i = 0; $environment !== null && $environment[$i] !== null; $i++) {
            [$name, $value] = explode('=', \FFI::string($environment[$i]), 2) + [1 => ''];
            $all[$name] = $value;
        }
        return $all;
    }
}
