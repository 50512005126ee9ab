<?php

/** `resident: true`: which application lies in a folder. */

declare(strict_types=1);

namespace Relais\Resident;

/** The frameworks that are known, in the order in which they are looked for. */
final class Applications
{
    private const KNOWN = [Symfony::class, Laravel::class];

    /**
     * Boots the application in the folder of a function, or in the folder above when the function is its public folder. When there is none, one line
     * says what was looked for, and the script ends.
     *
     * @return callable(): void answers one request
     */
    public static function boot(string $folder): callable
    {
        try {
            return self::in($folder)->boot();
        } catch (NoApplication $no) {
            error_log($no->getMessage());
            exit(255);
        }
    }

    /** @throws NoApplication */
    private static function in(string $folder): Symfony|Laravel
    {
        foreach ([$folder, \dirname($folder)] as $place) {
            foreach (self::KNOWN as $kind) {
                if ($application = $kind::in($place)) {
                    return $application;
                }
            }
        }
        throw new NoApplication("resident: true needs an application of Symfony or Laravel, and $folder has none, nor has the folder above: looked for "
            . implode(' and for ', array_map(static fn (string $kind): string => $kind::SIGNS, self::KNOWN))
            . '. Remedy: name a worker script, as in resident: worker.php');
    }

    /** Includes the first of these files that exists; false: none does. A file may not see, nor change, variables of ours. */
    public static function load(string ...$files): bool
    {
        foreach ($files as $file) {
            if (is_file($file)) {
                (static fn () => require_once func_get_arg(0))($file);
                return true;
            }
        }
        return false;
    }
}

/**
 * A folder whose application cannot be found. The message is one line for its author.
 * @internal
 */
final class NoApplication extends \RuntimeException
{
}
