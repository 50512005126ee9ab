<?php

declare(strict_types=1);

namespace Relais\Resident;

/**
 * The streams php://… while a request with a body runs: php://input is this request's body, all other names are those of PHP's own
 * wrapper, which is put back for the moment of opening them.
 */
final class Input
{
    private const FOR_INCLUDE = 128; // STREAM_OPEN_FOR_INCLUDE
    private const SCHEME = 'relais-input';

    /** @var resource|null set by PHP */
    public $context = null;

    private static ?Body $body = null;

    private ?Body $own = null;
    private int $at = 0;
    private bool $ended = false;

    /** @var resource|null of PHP's own wrapper */
    private $other = null;

    /** @var resource|null */
    private $directory = null;

    public static function begin(Body $body): void
    {
        self::$body = $body;
        self::replace();
    }

    public static function end(): void
    {
        if (self::$body !== null) {
            self::$body = null;
            @stream_wrapper_restore('php');
        }
    }

    /** Once before the state is remembered: PHP's own wrapper comes last in its list from then on, and stays there. */
    public static function boot(): void
    {
        stream_wrapper_unregister('php');
        stream_wrapper_restore('php');
    }

    private static function replace(): void
    {
        stream_wrapper_unregister('php');
        stream_register_wrapper('php', self::class); // the alias that nobody records
    }

    public function stream_open(string $path, string $mode, int $options, ?string &$opened): bool
    {
        $include = ($options & self::FOR_INCLUDE) !== 0;
        if (strcasecmp($path, 'php://input') === 0 || $path === self::SCHEME . '://input') {
            if ($include && !ini_get('allow_url_include')) {
                trigger_error('URL file-access is disabled in the server configuration', E_USER_WARNING);
                return false;
            }
            $this->own = self::$body;
            return $this->own !== null;
        }
        if ($include && !ini_get('allow_url_include') && !self::mayBeIncluded($path)) {
            trigger_error('URL file-access is disabled in the server configuration', E_USER_WARNING);
            return false;
        }
        $running = self::$body !== null;
        $running && stream_wrapper_restore('php');
        $filtered = stripos($path, '=php://input');
        if ($filtered !== false) { // PHP's own wrapper would open its own
            $path = substr($path, 0, $filtered) . '=' . self::SCHEME . '://input' . substr($path, $filtered + 12);
            stream_register_wrapper(self::SCHEME, self::class);
        }
        try {
            $this->other = ($this->context === null
                ? @fopen($path, $mode, (bool) ($options & STREAM_USE_PATH))
                : @fopen($path, $mode, (bool) ($options & STREAM_USE_PATH), $this->context)) ?: null;
        } finally {
            $filtered !== false && stream_wrapper_unregister(self::SCHEME);
            $running && self::replace();
        }
        return $this->other !== null;
    }

    /** As PHP's own wrapper has it: only what comes from no address, and from no descriptor. */
    private static function mayBeIncluded(string $path): bool
    {
        $rest = strtolower(substr($path, 6));
        return str_starts_with($rest, 'memory') || str_starts_with($rest, 'temp')
            || str_starts_with($rest, 'filter/') && (bool) preg_match('~/resource=(file://|(?!.*://|data:))~', $rest);
    }

    public function stream_read(int $count): string|false
    {
        if ($this->own === null) {
            return fread($this->other, $count);
        }
        $bytes = $this->own->read($this->at, $count);
        $this->at += strlen($bytes);
        $this->ended = $bytes === '';
        return $bytes;
    }

    public function stream_write(string $bytes): int|false
    {
        return $this->own === null ? fwrite($this->other, $bytes) : false;
    }

    public function stream_eof(): bool
    {
        return $this->own === null ? feof($this->other) : $this->ended;
    }

    public function stream_tell(): int|false
    {
        return $this->own === null ? ftell($this->other) : $this->at;
    }

    public function stream_seek(int $offset, int $whence): bool
    {
        if ($this->own === null) {
            return fseek($this->other, $offset, $whence) === 0;
        }
        $at = match ($whence) {
            SEEK_SET => $offset,
            SEEK_CUR => $this->at + $offset,
            default => $this->own->length() + $offset,
        };
        if ($at < 0 || $at > $this->own->length()) {
            return false;
        }
        $this->at = $at;
        $this->ended = false;
        return true;
    }

    /** @return array<mixed>|false */
    public function stream_stat(): array|false
    {
        return $this->own === null ? fstat($this->other) : false;
    }

    public function stream_flush(): bool
    {
        return $this->own !== null || fflush($this->other);
    }

    public function stream_truncate(int $size): bool
    {
        return $this->own === null && ftruncate($this->other, $size);
    }

    public function stream_lock(int $operation): bool
    {
        return $this->own === null && flock($this->other, $operation);
    }

    public function stream_set_option(int $option, int $first, ?int $second): bool
    {
        if ($this->own !== null) {
            return false;
        }
        return match ($option) {
            STREAM_OPTION_BLOCKING => stream_set_blocking($this->other, (bool) $first),
            STREAM_OPTION_READ_TIMEOUT => stream_set_timeout($this->other, $first, (int) $second),
            STREAM_OPTION_WRITE_BUFFER => stream_set_write_buffer($this->other, (int) $second) === 0,
            default => false,
        };
    }

    /** @return resource|false */
    public function stream_cast(int $as)
    {
        return $this->other ?? false;
    }

    public function stream_close(): void
    {
        if ($this->other !== null) {
            fclose($this->other);
        }
    }

    /** @return array<mixed>|false */
    public function url_stat(string $path, int $flags): array|false
    {
        return false;
    }
}
