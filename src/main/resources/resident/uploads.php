<?php

declare(strict_types=1);

namespace Relais\Resident;

/** The parts of a multipart/form-data body, read piece by piece from the connection, as main/rfc1867.c of PHP reads them. */
final class Parts
{
    private const LONGEST_LINE = 5120;

    private const LONGEST_FIELD = 64 << 10;

    private string $in = '';

    /** Up to where its lines were read. */
    private int $at = 0;

    /** Whether the data of the last part ended with a boundary. */
    public bool $whole = false;

    public function __construct(private Wire $wire, private string $boundary)
    {
    }

    /**
     * Goes to the next part.
     *
     * @return ?array<string, string> its head, the names in lower case; null at the end
     */
    public function next(): ?array
    {
        do {
            $line = $this->line();
            if ($line === null) {
                return null;
            }
        } while ($line !== "--$this->boundary");
        $head = [];
        $name = null;
        while (($line = $this->line()) !== null && $line !== '') {
            $colon = ctype_space($line[0]) ? false : strpos($line, ':');
            if ($colon !== false) {
                $name = strtolower(substr($line, 0, $colon));
                $first = !isset($head[$name]);
                $first and $head[$name] = ltrim(substr($line, $colon + 1));
                $first or $name = '';
            } elseif ($name !== null && $name !== '' && strlen($head[$name]) < self::LONGEST_FIELD) {
                $head[$name] .= $line;
            }
        }
        return $head;
    }

    /** The next bytes of this part; null at its end. */
    public function data(): ?string
    {
        $next = "\n--$this->boundary";
        $this->whole = false;
        $this->cut();
        for (;;) {
            $end = strpos($this->in, $next);
            if ($end !== false) {
                $bytes = substr($this->in, 0, $end > 0 && $this->in[$end - 1] === "\r" ? $end - 1 : $end);
                $this->in = substr($this->in, $end);
                $this->whole = true;
                return $bytes === '' ? null : $bytes;
            }
            $sure = strlen($this->in) - strlen($next) - 1;
            if ($sure > 0) {
                $bytes = substr($this->in, 0, $sure);
                $this->in = substr($this->in, $sure);
                return $bytes;
            }
            if (!$this->more()) {
                $bytes = self::withoutStart($this->in, $next);
                $this->in = '';
                return $bytes === '' ? null : $bytes;
            }
        }
    }

    /** What is left without the start of a boundary at its end. */
    private static function withoutStart(string $bytes, string $next): string
    {
        for ($length = min(strlen($next), strlen($bytes)); $length > 0; $length--) {
            if (str_ends_with($bytes, substr($next, 0, $length))) {
                $bytes = substr($bytes, 0, -$length);
                return str_ends_with($bytes, "\r") ? substr($bytes, 0, -1) : $bytes;
            }
        }
        return $bytes;
    }

    private function line(): ?string
    {
        while (($end = strpos($this->in, "\n", $this->at)) === false) {
            if (strlen($this->in) - $this->at >= self::LONGEST_LINE) {
                $line = substr($this->in, $this->at, self::LONGEST_LINE);
                $this->at += self::LONGEST_LINE;
                return $line;
            }
            if (!$this->more()) {
                return null;
            }
        }
        $at = $this->at;
        $this->at = $end + 1;
        return substr($this->in, $at, ($end > $at && $this->in[$end - 1] === "\r" ? $end - 1 : $end) - $at);
    }

    private function cut(): void
    {
        $this->in = substr($this->in, $this->at);
        $this->at = 0;
    }

    private function more(): bool
    {
        $this->cut();
        $bytes = $this->wire->body();
        $this->in .= $bytes;
        return $bytes !== '';
    }
}

/** The fields and files of a multipart/form-data request, with the limits of php.ini. */
final class Uploads
{
    /** @var array<string, true> files that were not moved yet, by their temporary names */
    private static array $files = [];

    /** @var list<string> names and values, to be parsed as a query */
    private array $fields = [];

    /** @var list<string> of what is in $_FILES, such as f[size] */
    private array $names = [];

    /** @var list<mixed> for these names */
    private array $values = [];
    private int $sizeLimit = 0;
    private int $left;
    private int $unnamed = 0;

    /** Whether no more files are taken: from the first one on that is not, as in PHP. */
    private bool $skips;

    private function __construct(private Parts $parts)
    {
        $this->left = (int) ini_get('max_file_uploads');
        $this->skips = !ini_get('file_uploads');
    }

    public static function isOne(string $name): bool
    {
        return isset(self::$files[$name]);
    }

    public static function move(string $from, string $to): bool
    {
        if (!isset(self::$files[$from]) || $to === '') {
            return false;
        }
        if (@rename($from, $to)) {
            function_exists('chmod') && @chmod($to, 0666 & ~umask());
        } elseif (!@copy($from, $to) || !unlink($from)) {
            trigger_error("move_uploaded_file(): Unable to move \"$from\" to \"$to\"", E_USER_WARNING);
            return false;
        }
        unset(self::$files[$from]);
        return true;
    }

    /** Removes what was not moved. */
    public static function end(): void
    {
        foreach (self::$files as $name => $_) {
            @unlink((string) $name);
        }
        self::$files = [];
    }

    /**
     * Reads the whole body.
     *
     * @return array{array<mixed>, array<mixed>} for $_POST and $_FILES
     */
    public static function read(Wire $wire, string $boundary): array
    {
        $uploads = new self(new Parts($wire, $boundary));
        $uploads->readParts();
        return [Variables::query(implode('&', $uploads->fields)), $uploads->files()];
    }

    /** The boundary that a Content-Type names; null with a message when there is none. */
    public static function boundary(string $type): ?string
    {
        $at = stripos($type, 'boundary');
        $at = $at === false ? false : strpos($type, '=', $at);
        if ($at === false) {
            Messages::atStartup('Missing boundary in multipart/form-data POST data');
            return null;
        }
        $boundary = substr($type, $at + 1);
        if (!str_starts_with($boundary, '"')) {
            return substr($boundary, 0, strcspn($boundary, ',;'));
        }
        $end = strpos($boundary, '"', 1);
        if ($end === false) {
            Messages::atStartup('Invalid boundary in multipart/form-data POST data');
            return null;
        }
        return substr($boundary, 1, $end - 1);
    }

    private function readParts(): void
    {
        $most = (int) ini_get('max_multipart_body_parts');
        if ($most < 0 || ini_get('max_multipart_body_parts') === false) {
            $most = (int) ini_get('max_input_vars') + (int) ini_get('max_file_uploads');
        }
        $count = $most;
        $inputs = (int) ini_get('max_input_vars');
        while (($head = $this->parts->next()) !== null) {
            if (!isset($head['content-disposition'])) {
                continue;
            }
            if (--$count < 0) {
                Messages::atStartup(
                    "Multipart body parts limit exceeded $most. To increase the limit change max_multipart_body_parts in php.ini.",
                    Messages::STARTUP);
                return;
            }
            [$name, $file] = self::disposition($head['content-disposition']);
            if ($name !== null && $file === null) {
                $value = '';
                while (($bytes = $this->parts->data()) !== null) {
                    $value .= $bytes;
                }
                if (--$inputs >= 0) {
                    $this->fields[] = rawurlencode($name) . '=' . rawurlencode($value);
                } elseif ($inputs === -1) {
                    Messages::atStartup(Variables::tooMany(), Messages::STARTUP);
                }
                if (strcasecmp($name, 'MAX_FILE_SIZE') === 0) {
                    $this->sizeLimit = (int) $value;
                }
            } elseif (!$this->file($name, $file, $head['content-type'] ?? '')) {
                return;
            }
        }
    }

    /** @return bool false when nothing more is to be read */
    private function file(?string $name, ?string $file, string $type): bool
    {
        if (!$this->skips && $this->left <= 0) {
            $this->skips = true;
            if ($this->left === 0) {
                $this->left = -1;
                Messages::atStartup('Maximum number of allowable file uploads has been exceeded');
            }
        }
        if ($file === null) {
            Messages::atStartup('File Upload Mime headers garbled');
            return false;
        }
        $name ??= (string) $this->unnamed++;
        $this->skips = $this->skips || !self::isGood($name);
        if ($this->skips) {
            return true;
        }
        $size = 0;
        $path = '';
        $error = $file === '' ? UPLOAD_ERR_NO_FILE : $this->store($path, $size);
        $slash = max((int) strrpos("/$file", '/'), (int) strrpos("\\$file", '\\'));
        $this->add($name, 'name', substr($file, $slash));
        $this->add($name, 'full_path', $file);
        $this->add($name, 'type', $error === UPLOAD_ERR_OK ? explode(';', $type, 2)[0] : '');
        $this->add($name, 'tmp_name', $path);
        $this->add($name, 'error', $error);
        $this->add($name, 'size', $size);
        return true;
    }

    /** Writes the part to a file; its error as in $_FILES. */
    private function store(string &$path, int &$size): int
    {
        $bytes = $this->parts->data();
        $this->left--;
        $path = (string) @tempnam(ini_get('upload_tmp_dir') ?: sys_get_temp_dir(), 'php');
        $file = $path === '' ? false : @fopen($path, 'wb');
        if ($file === false) {
            Messages::atStartup('File upload error - unable to create a temporary file');
            return UPLOAD_ERR_NO_TMP_DIR;
        }
        stream_set_write_buffer($file, 0);
        $most = Variables::bytes((string) ini_get('upload_max_filesize'));
        $error = UPLOAD_ERR_OK;
        for (; $bytes !== null && $error === UPLOAD_ERR_OK; $bytes = $this->parts->data()) {
            $total = $size + strlen($bytes);
            if ($most > 0 && $total > $most) {
                $error = UPLOAD_ERR_INI_SIZE;
            } elseif ($this->sizeLimit !== 0 && $total > $this->sizeLimit) {
                $error = UPLOAD_ERR_FORM_SIZE;
            } elseif (@fwrite($file, $bytes) !== strlen($bytes)) {
                $error = UPLOAD_ERR_CANT_WRITE;
            }
            $size = $total;
        }
        fclose($file);
        if ($error === UPLOAD_ERR_OK && !$this->parts->whole) {
            $error = UPLOAD_ERR_PARTIAL;
        }
        if ($error === UPLOAD_ERR_OK) {
            self::$files[$path] = true;
        } else {
            @unlink($path);
            $path = '';
            $size = 0;
        }
        return $error;
    }

    /** Whether the brackets of a name are in order. */
    private static function isGood(string $name): bool
    {
        return (bool) preg_match('/^[^\[\]]*(\[[^\[\]]*\])*$/D', $name);
    }

    private function add(string $name, string $field, mixed $value): void
    {
        $bracket = strpos($name, '[');
        $this->names[] = $bracket !== false && str_ends_with($name, ']')
            ? substr($name, 0, $bracket) . "[$field]" . substr($name, $bracket)
            : "{$name}[$field]";
        $this->values[] = $value;
    }

    /** @return array<mixed> of any number: max_input_vars is for fields */
    private function files(): array
    {
        $files = [];
        foreach ($this->names as $i => $name) {
            parse_str(rawurlencode($name), $one);
            preg_match_all('/\[([^\[\]]*)\]/', $name, $keys);
            $at = &$files;
            foreach ($one === [] ? [] : ['name', ...$keys[1]] as $key) {
                $named = array_key_first($one);
                $one = $one[$named];
                is_array($at) || $at = [];
                if ($key === '') {
                    $at = &$at[];
                } else {
                    $at = &$at[$named];
                }
                if (!is_array($one)) {
                    $at = $this->values[$i];
                    break;
                }
            }
            unset($at);
        }
        return $files;
    }

    /** @return array{?string, ?string} the values of name and filename */
    private static function disposition(string $text): array
    {
        $name = $file = null;
        $text = ltrim($text);
        while ($text !== '') {
            $pair = self::word($text, ';');
            $text = ltrim($text);
            if (str_contains($pair, '=')) {
                $key = strtolower(self::word($pair, '='));
                $key === 'name' and $name = self::value($pair);
                $key === 'filename' and $file = self::value($pair);
            }
        }
        return [$name, $file];
    }

    /** Takes what is before the sign, outside of quotes, and any more of these signs. */
    private static function word(string &$text, string $stop): string
    {
        $length = strlen($text);
        for ($at = 0; $at < $length && $text[$at] !== $stop; $at++) {
            if ($text[$at] === '"' || $text[$at] === "'") {
                $quote = $text[$at];
                while (++$at < $length && $text[$at] !== $quote) {
                    if ($text[$at] === '\\' && ($text[$at + 1] ?? '') === $quote) {
                        $at++;
                    }
                }
                if ($at >= $length) {
                    break;
                }
            }
        }
        $word = substr($text, 0, $at);
        $text = ltrim(substr($text, $at), $stop);
        return $word;
    }

    private static function value(string $text): string
    {
        $text = ltrim($text);
        if ($text === '') {
            return '';
        }
        $quote = $text[0] === '"' || $text[0] === "'" ? $text[0] : '';
        $text = $quote === '' ? substr($text, 0, strcspn($text, " \t\n\r\v\f")) : substr($text, 1);
        $value = '';
        for ($at = 0; $at < strlen($text) && $text[$at] !== $quote; $at++) {
            $next = $text[$at + 1] ?? '';
            if ($text[$at] === '\\' && ($next === '\\' || $quote !== '' && $next === $quote)) {
                $at++;
            }
            $value .= $text[$at];
        }
        return $value;
    }
}
