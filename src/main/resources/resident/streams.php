<?php

declare(strict_types=1);

namespace Relais\Resident;

/** The stream wrappers that are registered. */
final class Streams
{
    /** @var array<string, array{string, int}> those that the boot registered */
    private static array $booted = [];

    /** @var list<string> */
    private static array $names = [];

    public static function booted(): void
    {
        self::$names = \stream_get_wrappers();
        self::$booted = Recorder::$wrappers;
        Recorder::$wrapped = false;
    }

    /**
     * Takes off what the request registered, and registers again what it took off.
     *
     * @return list<string> what was put back
     */
    public static function putBack(): array
    {
        $now = \stream_get_wrappers();
        $put = [];
        foreach (\array_diff($now, self::$names) as $name) {
            \stream_wrapper_unregister($name);
            $put[] = "stream wrapper $name";
        }
        foreach (self::$names as $name) {
            $own = self::$booted[$name] ?? null;
            if (!\in_array($name, $now, true) || (Recorder::$wrappers[$name] ?? null) !== $own) {
                @\stream_wrapper_unregister($name);
                $own === null ? @\stream_wrapper_restore($name) : \stream_register_wrapper($name, ...$own);
                $put[] = "stream wrapper $name";
            }
        }
        Recorder::$wrappers = self::$booted;
        Recorder::$wrapped = false;
        return $put;
    }
}
