<?php

/** `resident: true`: which application lies in a folder. */

declare(strict_types=1);

namespace Relais\Resident;

/** The frameworks that are known, in the order in which they are looked for. */
final class Applications
{
    private const KNOWN = [Symfony::class, Laravel::class];

    /**
     * Boots the application in the folder of a function, or in the folder above when the function is its public folder.
     *
     * @return callable(): void answers one request
     * @throws \RuntimeException when there is none; its message is one line for the author
     */
    public static function boot(string $folder): callable
    {
        $environment = new Environment();
        foreach ([$folder, \dirname($folder)] as $place) {
            foreach (self::KNOWN as $kind) {
                if ($application = $kind::in($place)) {
                    return $application->boot($environment);
                }
            }
        }
        throw new \RuntimeException("resident: true needs an application of Symfony or Laravel, and $folder has none, nor has the folder above: looked for "
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

/** What the boot put into `$_SERVER` and `$_ENV` (a file .env, in the main): each request has superglobals of its own, and gets it again. */
final class Environment
{
    private array $server;
    private array $env;

    public function __construct()
    {
        $this->server = $_SERVER;
        $this->env = $_ENV;
    }

    /** Called once, after the boot. */
    public function booted(): void
    {
        $this->server = array_filter(array_diff_key($_SERVER, $this->server), 'is_scalar');
        $this->env = array_filter(array_diff_key($_ENV, $this->env), 'is_scalar');
    }

    /** Called at the start of each request. A variable of the request wins. */
    public function again(): void
    {
        $_SERVER += $this->server;
        $_ENV += $this->env;
    }
}
