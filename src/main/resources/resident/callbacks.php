<?php

declare(strict_types=1);

namespace Relais\Resident;

/** Functions that a request left with PHP: handlers of errors and exceptions, and autoloaders. */
final class Callbacks
{
    private const DEEPEST = 64;

    /** @var array<string, int> the files that were loaded when autoloaders were last looked at */
    private static array $files = [];

    private static function errorHandler(): mixed
    {
        $handler = \set_error_handler(null);
        \restore_error_handler();
        return $handler;
    }

    private static function exceptionHandler(): mixed
    {
        $handler = \set_exception_handler(null);
        \restore_exception_handler();
        return $handler;
    }

    /** Takes the handlers off that the request added; if it took off that of the boot, that is set again, for all kinds of errors. */
    public static function putBackErrorHandler(mixed $before): void
    {
        for ($i = 0; $i < self::DEEPEST && self::errorHandler() !== $before; $i++) {
            \restore_error_handler();
        }
        if (self::errorHandler() !== $before) {
            \set_error_handler($before);
        }
    }

    public static function putBackExceptionHandler(mixed $before): void
    {
        for ($i = 0; $i < self::DEEPEST && self::exceptionHandler() !== $before; $i++) {
            \restore_exception_handler();
        }
        if (self::exceptionHandler() !== $before) {
            \set_exception_handler($before);
        }
    }

    /** Remembers which files the boot loaded. */
    public static function booted(): void
    {
        self::$files = \array_flip(\get_included_files());
    }

    /**
     * Takes the autoloaders off that the request added, and sets those again that it took off. One stays if its code came with a file that
     * was loaded since: such a file is loaded once, and would not add it again.
     *
     * @param list<callable> $before
     * @param list<callable> $now
     * @return list<string> "autoloaders" if anything was put back
     */
    public static function putBackAutoloaders(array $before, array $now): array
    {
        $put = [];
        $files = \array_flip(\get_included_files());
        foreach ($now as $loader) {
            if (!\in_array($loader, $before, true) && !self::isNew(self::file($loader), $files)) {
                \spl_autoload_unregister($loader);
                $put = ['autoloaders'];
            }
        }
        foreach ($before as $loader) {
            if (!\in_array($loader, $now, true)) {
                \spl_autoload_register($loader);
                $put = ['autoloaders'];
            }
        }
        self::$files = $files;
        return $put;
    }

    /** @param array<string, int> $files */
    private static function isNew(string|false $file, array $files): bool
    {
        return $file !== false && isset($files[$file]) && !isset(self::$files[$file]);
    }

    private static function file(callable $loader): string|false
    {
        return \is_array($loader)
            ? (new \ReflectionClass($loader[0]))->getFileName()
            : (new \ReflectionFunction(\Closure::fromCallable($loader)))->getFileName();
    }
}
