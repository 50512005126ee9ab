<?php

declare(strict_types=1);

namespace Relais\Resident;

/**
 * Objects whose constructors set ini values, as the session storage of frameworks does. If such an object stays in memory, its constructor
 * does not run again, so what it set stays as well.
 */
final class Makers
{
    /** @var array<string, true> classes of objects that did not outlive their request */
    private static array $passing = [];

    private static bool $collected = false;

    /** Before the ini values of a request are looked at. */
    public static function begin(): void
    {
        self::$collected = false;
    }

    /** Whether the object that set this value is still there, and not only because its cycle was not collected yet. */
    public static function stays(string $name): bool
    {
        $maker = Recorder::$makers[$name] ?? null;
        $class = self::type($maker);
        if ($maker === null || $class === null || isset(self::$passing[$class])) {
            return false;
        }
        if (!self::$collected) {
            self::$collected = true;
            \gc_collect_cycles();
        }
        if ($maker->get() === null) {
            self::$passing[$class] = true;
            return false;
        }
        return true;
    }

    /** Its class, without holding the object itself. */
    private static function type(?\WeakReference $maker): ?string
    {
        $object = $maker?->get();
        return $object === null ? null : $object::class;
    }
}
