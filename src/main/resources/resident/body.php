<?php

declare(strict_types=1);

namespace Relais\Resident;

/**
 * The body of the running request, fetched from the connection only as far as it is read. More than 256 KiB lie in a file without a name.
 */
final class Body
{
    private const MOST_IN_MEMORY = 256 << 10;

    private string $text = '';

    /** @var resource|null */
    private $file = null;
    private int $length = 0;

    public function __construct(private Wire $wire)
    {
    }

    /**
     * All of it if it is here or to be waited for, and small enough to be held in memory; null otherwise.
     *
     * @param bool $waits whether the rest of it is waited for
     */
    public function small(bool $waits): ?string
    {
        if (!$waits && !$this->wire->hasBody()) {
            return null;
        }
        while ($this->fetch());
        return $this->file === null ? $this->text : null;
    }

    /** At most so many bytes from there on, and at least one unless the body ends there. */
    public function read(int $at, int $most): string
    {
        while ($this->length <= $at && $this->fetch());
        if ($this->file === null) {
            return substr($this->text, $at, $most);
        }
        fseek($this->file, $at);
        return (string) fread($this->file, max(1, $most));
    }

    /** All of it. */
    public function whole(): string
    {
        while ($this->fetch());
        if ($this->file === null) {
            return $this->text;
        }
        fseek($this->file, 0);
        return (string) stream_get_contents($this->file);
    }

    /** The length, for which it waits for the end. */
    public function length(): int
    {
        while ($this->fetch());
        return $this->length;
    }

    private function fetch(): bool
    {
        $more = $this->wire->body();
        if ($more === '') {
            return false;
        }
        if ($this->file === null && $this->length + strlen($more) > self::MOST_IN_MEMORY) {
            $this->file = self::temporary();
            fwrite($this->file, $this->text);
            $this->text = '';
        }
        if ($this->file === null) {
            $this->text = $this->text === '' ? $more : $this->text . $more;
        } else {
            fseek($this->file, 0, SEEK_END);
            fwrite($this->file, $more);
        }
        $this->length += strlen($more);
        return true;
    }

    /** @return resource */
    private static function temporary()
    {
        $name = (string) @tempnam(ini_get('upload_tmp_dir') ?: sys_get_temp_dir(), 'php');
        if ($name === '') { // PHP may not write there
            return tmpfile();
        }
        $file = fopen($name, 'w+b');
        unlink($name);
        return $file;
    }
}
