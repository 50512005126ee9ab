<?php

declare(strict_types=1);

namespace Relais\Resident;

/**
 * The C library, for setters whose own PHP function is disabled so that their calls can be recorded. Works only in preloaded code and only
 * where PHP has FFI; the functions of functions.list that are marked "ffi" are the only ones that use it.
 */
final class Library
{
    private const DECLARATIONS = <<<'C'
        const char *getenv(const char *name);
        int setenv(const char *name, const char *value, int overwrite);
        int unsetenv(const char *name);
        void tzset(void);
        unsigned int umask(unsigned int mask);
        int chdir(const char *path);
        const char *strerror(int number);
        int *__errno_location(void);
        int php_check_open_basedir(const char *path);
        void php_mt_srand(unsigned int seed);
        C;

    private static ?\FFI $c = null;

    /** @throws \FFI\Exception if PHP has no FFI for this code */
    public static function c(): \FFI
    {
        return self::$c ??= \FFI::cdef(self::DECLARATIONS);
    }

    /** Whether none of these functions is PHP's own, so that what they change is recorded. */
    public static function redefined(string ...$functions): bool
    {
        foreach ($functions as $function) {
            if (\function_exists($function) && !(new \ReflectionFunction($function))->isUserDefined()) {
                return false;
            }
        }
        return true;
    }

    /** Sets a variable of the process environment, or removes it if the value is null. */
    public static function environment(string $name, ?string $value): bool
    {
        $library = self::c();
        $done = $value === null ? $library->unsetenv($name) : $library->setenv($name, $value, 1);
        if ($name === 'TZ') {
            $library->tzset();
        }
        return $done === 0;
    }
}
