<?php

declare(strict_types=1);

namespace Relais\Resident;

/**
 * Compares what is in memory before and after a request, and names what the request left behind that {@see State} cannot put back. It takes
 * some tenths of a millisecond, so only some requests are checked.
 *
 * What changes once is taken for something that is initialised at its first use; in development that is told too, once. What has another
 * value a second time is named, and what grows is named when it grew in three of eight checked requests, or four for what an object holds, since
 * caches and containers of services grow as well until they hold what there is.
 */
final class Leaks
{
    private const MOST = 20;
    private const BYTES = 200;
    private const GROWN = 3;
    private const GROWN_OBJECT = 4;
    private const AMONG = 8;
    private const MEMORY = 4;
    private const BYTES_GROWN = 1024;

    /** @var array<string, Shape> what each place held before the request */
    private static array $shapes = [];

    private static bool $looked = false;

    /** @var array<int, string> */
    private static array $descriptors = [];

    private static int $memory = 0;

    private static int $checked = 0;

    /** @var array<string, array{int, list<int>}> how often each place changed, and in which of the last checks it grew */
    private static array $history = [];

    /** @var list<array{kind: string, name: string, text: string}> */
    private static array $found = [];

    /** @var list<array{kind: string, name: string, text: string}> */
    private static array $initialised = [];

    /** How much memory there is before anything of the request is. */
    public static function measure(): void
    {
        self::$memory = \memory_get_usage();
    }

    /** Looks at what there is before a request. */
    public static function before(): void
    {
        $already = \memory_get_usage();
        State::watch();
        self::$descriptors = self::descriptors();
        foreach (self::look() as $key => [2 => $shape]) {
            self::$shapes[$key] = $shape;
        }
        self::$looked = true;
        self::$memory += \memory_get_usage() - $already; // what is remembered here is none of the request's
    }

    /**
     * Tells what the request left, after {@see State::putBack()} put back what it could. Findings of the kind "initialised" are no leaks
     * yet; see {@see isLeak()}.
     *
     * @return list<array{kind: string, name: string, text: string}> at most 20 findings; never a value
     */
    public static function after(): array
    {
        $memory = \memory_get_usage() - self::$memory;
        self::$checked++;
        self::$found = self::$initialised = [];
        foreach (State::$spoiled as $name) {
            self::tell('state', $name, 'cannot be put back');
        }
        foreach (self::look() as $key => [$kind, $name, $shape]) {
            $before = self::$shapes[$key] ?? null;
            if ($before === null || $before->mark !== $shape->mark || $before->size !== $shape->size) {
                self::changed($key, $kind, $name, $before, $shape);
            }
        }
        self::openDescriptors();
        self::memory($memory);
        if (\function_exists('session_status') && \session_status() === \PHP_SESSION_ACTIVE) {
            self::tell('session', '', 'is open');
        }
        self::$shapes = [];
        self::$looked = false;
        return \array_slice([...self::$found, ...self::$initialised], 0, self::MOST);
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

    /** @return iterable<string, array{string, string, Shape}> kind, name and shape of each place; not of a static that is new and unused */
    private static function look(): iterable
    {
        foreach (Places::all() as [$kind, $name, $value]) {
            if (!self::$looked || isset(self::$shapes["$kind $name"]) || $kind !== 'static' || !Places::isDefault($name, $value)) {
                yield "$kind $name" => [$kind, $name, new Shape($value)];
            }
        }
        $constants = \array_keys(\get_defined_constants(true)['user'] ?? []);
        yield 'constants' => ['constant', (string) \end($constants), new Shape($constants)];
        yield 'stream filters' => ['stream filters', '', new Shape(\stream_get_filters())];
    }

    private static function changed(string $key, string $kind, string $name, ?Shape $before, Shape $now): void
    {
        $size = $before?->size ?? 0;
        $grew = $now->size > $size;
        [$changes, $grown] = self::record($key, $grew);
        $part = $grew && $before !== null ? self::grown($before, $now) : null;
        if ($part !== null) {
            $name .= "->$part";
            $size = $before->parts[$part] ?? 0;
        }
        $text = $grew ? "grew from $size to " . ($part === null ? $now->size : $now->parts[$part]) . ' elements' : "other value: $now->type";
        if ($grew ? $grown >= ($now->type === 'array' ? self::GROWN : self::GROWN_OBJECT) : $changes > 1) {
            self::tell($kind, $name, $text);
        } elseif ($changes === 1) {
            self::initialised(\trim("$kind $name"), $text);
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

    /** @return array{int, int} how often it changed, and in how many of the last checked requests it grew */
    private static function record(string $key, bool $grew): array
    {
        [$changes, $growths] = self::$history[$key] ?? [0, []];
        $growths = \array_filter($growths, fn (int $check): bool => $check > self::$checked - self::AMONG);
        if ($grew) {
            $growths[] = self::$checked;
        }
        self::$history[$key] = [++$changes, $growths];
        return [$changes, \count($growths)];
    }

    private static function openDescriptors(): void
    {
        foreach (self::descriptors() as $number => $target) {
            if ($target !== (self::$descriptors[$number] ?? null)) {
                [$changes] = self::record('descriptors', true);
                $text = 'stays open: ' . \explode(':', $target, 2)[0];
                $changes > 1 ? self::tell('descriptor', (string) $number, $text) : self::initialised("descriptor $number", $text);
            }
        }
    }

    /** @return array<int, string> what each open descriptor leads to */
    private static function descriptors(): array
    {
        $targets = [];
        if (!\function_exists('scandir') || !\function_exists('readlink')) {
            return $targets; // the user's settings disable them
        }
        foreach (@\scandir('/proc/self/fd') ?: [] as $number) {
            $link = "/proc/self/fd/$number";
            if (\is_link($link)) { // that of the folder itself is closed; and no error is silenced, for error_get_last() and handlers would tell
                $targets[(int) $number] = \readlink($link);
            }
        }
        return $targets;
    }

    private static function memory(int $growth): void
    {
        if ($growth < self::BYTES_GROWN) {
            return;
        }
        [, $times] = self::record('memory', true);
        if ($times >= self::MEMORY && self::$checked > self::AMONG) {
            $before = \memory_get_usage();
            \gc_collect_cycles();
            $growth -= $before - \memory_get_usage();
            if ($growth >= self::BYTES_GROWN) {
                self::tell('memory', '', "grew in $times of " . self::AMONG . " checked requests, in the last one by $growth bytes");
            }
        }
    }

    /** Told only in development, where each request is checked. */
    private static function initialised(string $name, string $text): void
    {
        if (Loop::told('RELAIS_CHECK') === '1') {
            self::$initialised[] = self::finding('initialised', $name, $text);
        }
    }

    private static function tell(string $kind, string $name, string $text): void
    {
        self::$found[] = self::finding($kind, $name, $text);
    }

    /** @return array{kind: string, name: string, text: string} with the end of a name that is too long, which tells more than its start */
    private static function finding(string $kind, string $name, string $text): array
    {
        return ['kind' => $kind, 'name' => \substr($name, -\max(20, self::BYTES - \strlen($kind) - \strlen($text))), 'text' => $text];
    }
}
