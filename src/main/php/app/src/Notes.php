<?php
declare(strict_types=1);

namespace App;

/** The notes: one JSON file in the temporary folder, the newest 100 of them, shared by all children. */
final class Notes
{
    private const KEPT = 100;

    public function __construct(private readonly string $file)
    {
    }

    /** @return list<Note> the newest first */
    public function all(): array
    {
        return array_reverse($this->locked(LOCK_SH, fn (array $notes) => $notes));
    }

    public function find(int $id): ?Note
    {
        foreach ($this->all() as $note) {
            if ($note->id === $id) {
                return $note;
            }
        }
        return null;
    }

    /** @throws \InvalidArgumentException with a message for the user */
    public function add(string $text): Note
    {
        $text = trim($text);
        if ($text === '' || strlen($text) > 1000 || preg_match('//u', $text) !== 1) {
            throw new \InvalidArgumentException('A note is a text of 1 to 1000 bytes.');
        }
        return $this->locked(LOCK_EX, function (array $notes, $handle) use ($text): Note {
            $last = end($notes);
            $note = new Note($last === false ? 1 : $last->id + 1, $text, gmdate(DATE_ATOM));
            $json = json_encode(array_slice([...$notes, $note], -self::KEPT), JSON_THROW_ON_ERROR);
            ftruncate($handle, 0);
            rewind($handle);
            fwrite($handle, $json);
            fflush($handle);
            return $note;
        });
    }

    private function locked(int $lock, callable $use): mixed
    {
        // The temporary folder is everybody's: follow no link.
        $handle = is_link($this->file) ? false : fopen($this->file, 'c+b');
        if ($handle === false || !flock($handle, $lock)) {
            throw new \RuntimeException("cannot open $this->file");
        }
        try {
            $rows = json_decode((string) stream_get_contents($handle), true) ?? [];
            return $use(array_map(fn (array $row) => new Note($row['id'], $row['text'], $row['time']), $rows), $handle);
        } finally {
            fclose($handle);
        }
    }
}
