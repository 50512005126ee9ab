<?php

declare(strict_types=1);

namespace Relais\Resident;

/** Errors of functions that are defined again, told where the function was called, as PHP tells those of its own. */
final class Faults
{
    /** Throws what PHP's own function throws of a callback that cannot be called. */
    public static function checkCallback(string $function, mixed $callback): void
    {
        if (is_callable($callback)) {
            return;
        }
        try {
            array_map($callback ?? '', []);
        } catch (\TypeError $e) {
            $reason = preg_replace('/^.*? callback(?: or null)?(?=,)/s', '', $e->getMessage());
        }
        throw self::ofCaller(new \TypeError("$function(): Argument #1 (\$callback) must be a valid callback" . ($reason ?? '')));
    }

    /**
     * @template T of \Error
     * @param T $error
     * @return T
     */
    public static function ofCaller(\Error $error): \Error
    {
        foreach ($error->getTrace() as $i => $frame) {
            if (isset($frame['file']) && !str_starts_with($frame['file'], __DIR__ . '/')) {
                $values = ['file' => $frame['file'], 'line' => $frame['line'] ?? 0, 'trace' => array_slice($error->getTrace(), $i)];
                foreach ($values as $name => $value) {
                    (new \ReflectionProperty(\Error::class, $name))->setValue($error, $value);
                }
                break;
            }
        }
        return $error;
    }
}
