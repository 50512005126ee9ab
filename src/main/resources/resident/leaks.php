<?php

declare(strict_types=1);

namespace Relais\Resident;

require_once __DIR__ . '/shape.php';
require_once __DIR__ . '/places.php';

/**
 * Compares what is in memory before and after a request, and names what the request left behind that {@see State} cannot put back. It takes
 * some tenths of a millisecond, so only some requests are checked.
 *
 * What changes once is taken for something that is initialised at its first use; in development that is told too, once. What has another
 * value a second time is named, and what grows is named when it grew in three checked requests in a row, since caches grow as well until
 * they hold what there is.
 */
final class Leaks
{
    private const MOST = 20;
    private const BYTES = 200;
    private const GROWN = 3;
    private const MEMORY = 5;

    /** @var array<string, array{string, string, Shape}> */
    private array $places = [];

    /** @var array<string, ?string> */
    private array $ini = [];

    /** @var array<string, int> */
    private array $descriptors = [];

    private int $memory = 0;

    private int $checked = 0;

    private int $collected = 0;

    /** @var array<string, array{int, int, int}> how often each place changed, how often it grew in a row, and in which check it did last */
    private array $history = [];

    /** @var list<array{kind: string, name: string, text: string}> */
    private array $found = [];

    /** @param bool $each whether each request is checked, so that what is initialised is told as well */
    public function __construct(private readonly bool $each)
    {
    }

    /** Looks at what there is before a request. */
    public function before(): void
    {
        $this->ini = \ini_get_all(null, false);
        $this->descriptors = self::descriptors();
        $this->places = $this->look();
        $this->memory = \memory_get_usage();
    }

    /**
     * Tells what the request left, after {@see State::putBack()} put back what it could. Findings of the kind "initialised" are no leaks
     * yet; see {@see isLeak()}.
     *
     * @return array{put: list<string>, left: list<array{kind: string, name: string, text: string}>} at most 20 findings; never a value
     */
    public function after(): array
    {
        $memory = \memory_get_usage() - $this->memory;
        $this->checked++;
        $this->found = [];
        $put = $this->putBackIni();
        foreach (State::$spoiled as $name) {
            $this->tell('state', $name, 'cannot be put back');
        }
        foreach ($this->look() as $key => [$kind, $name, $shape]) {
            $before = $this->places[$key][2] ?? null;
            if ($before === null || $before->mark !== $shape->mark || $before->size !== $shape->size) {
                $this->changed($key, $kind, $name, $before, $shape);
            }
        }
        $this->openDescriptors();
        $this->memory($memory);
        if (\function_exists('session_status') && \session_status() === \PHP_SESSION_ACTIVE) {
            $this->tell('session', '', 'is open');
        }
        $this->places = [];
        return ['put' => $put, 'left' => $this->found];
    }

    /** Whether one of the findings is more than something that was initialised. */
    public static function isLeak(array $left): bool
    {
        foreach ($left as $finding) {
            if ($finding['kind'] !== 'initialised') {
                return true;
            }
        }
        return false;
    }

    /** @return array<string, array{string, string, Shape}> */
    private function look(): array
    {
        $look = [];
        foreach (Places::all() as [$kind, $name, $value]) {
            $look["$kind $name"] = [$kind, $name, new Shape($value)];
        }
        $look['constants'] = ['constants', '', new Shape(\array_keys(\get_defined_constants(true)['user'] ?? []))];
        $look['stream filters'] = ['stream filters', '', new Shape(\stream_get_filters())];
        return $look;
    }

    private function changed(string $key, string $kind, string $name, ?Shape $before, Shape $now): void
    {
        $size = $before?->size ?? 0;
        $grew = $now->size > $size;
        [$changes, $row] = $this->record($key, $grew);
        $part = $grew && $before !== null ? self::grown($before, $now) : null;
        if ($part !== null) {
            $name .= "->$part";
            $size = $before->parts[$part] ?? 0;
        }
        $text = $grew ? "grew from $size to " . ($part === null ? $now->size : $now->parts[$part]) . ' elements' : "other value: $now->type";
        if ($grew ? $row >= self::GROWN : $changes > 1) {
            $this->tell($kind, $name, $text);
        } elseif ($changes === 1 && $this->each) {
            $this->tell('initialised', \trim("$kind $name"), $text);
        }
    }

    /** The one part that grew most, null if what grew is not in a part of the value. */
    private static function grown(Shape $before, Shape $now): ?string
    {
        $most = 0;
        $grown = null;
        foreach ($now->parts as $part => $size) {
            if ($size - ($before->parts[$part] ?? 0) > $most) {
                $most = $size - ($before->parts[$part] ?? 0);
                $grown = (string) $part;
            }
        }
        return $most * 2 > $now->size - $before->size ? $grown : null;
    }

    /** @return array{int, int} how often it changed, and in how many checked requests in a row it grew */
    private function record(string $key, bool $grew): array
    {
        [$changes, $row, $last] = $this->history[$key] ?? [0, 0, 0];
        $row = $grew ? ($last === $this->checked - 1 ? $row + 1 : 1) : 0;
        $this->history[$key] = [++$changes, $row, $this->checked];
        return [$changes, $row];
    }

    /** @return list<string> */
    private function putBackIni(): array
    {
        $put = [];
        foreach (\ini_get_all(null, false) as $name => $now) {
            $before = $this->ini[$name] ?? null;
            if ($now !== $before) {
                \ini_restore($name);
                if (\ini_get($name) !== (string) $before) {
                    @\ini_alter($name, $before);
                }
                $put[] = "ini $name";
            }
        }
        return $put;
    }

    private function openDescriptors(): void
    {
        foreach (self::descriptors() as $number => $_) {
            $target = isset($this->descriptors[$number]) ? false : @\readlink("/proc/self/fd/$number");
            if ($target !== false) {
                [$changes] = $this->record('descriptors', true);
                $text = 'stays open: ' . \preg_replace('/:.*/', '', $target);
                $changes > 1 ? $this->tell('descriptor', (string) $number, $text)
                    : ($this->each && $this->tell('initialised', "descriptor $number", $text));
            }
        }
    }

    /** @return array<int, int> */
    private static function descriptors(): array
    {
        return \array_flip(\array_filter(@\scandir('/proc/self/fd') ?: [], 'ctype_digit'));
    }

    private function memory(int $growth): void
    {
        if ($growth <= 0) {
            return;
        }
        [, $row] = $this->record('memory', true);
        if ($row >= self::MEMORY) {
            $growth -= $this->collected = \gc_collect_cycles() ? $growth : 0;
            if ($growth > 0) {
                $this->tell('memory', '', "grew in $row checked requests in a row, in the last one by $growth bytes");
            }
        }
    }

    private function tell(string $kind, string $name, string $text): void
    {
        if (\count($this->found) < self::MOST) {
            $bytes = self::BYTES - \strlen($kind) - \strlen($text);
            $this->found[] = ['kind' => $kind, 'name' => \substr($name, -\max(20, $bytes)), 'text' => $text];
        }
    }
}
