<?php

declare(strict_types=1);

namespace App;

use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\HttpKernel\HttpKernelInterface;
use Symfony\Component\Runtime\RunnerInterface;
use Symfony\Component\Runtime\SymfonyRuntime;

/** Runs a kernel as a worker of FrankenPHP. Written after what the runtimes for it do, for Debian has none of them. */
final class WorkerRuntime extends SymfonyRuntime
{
    public function getRunner(?object $application): RunnerInterface
    {
        return $application instanceof HttpKernelInterface && ($_SERVER['FRANKENPHP_WORKER'] ?? false)
            ? new class ($application) implements RunnerInterface {
                private const MOST = 3; // requests, then the script ends

                public function __construct(private HttpKernelInterface $kernel)
                {
                }

                public function run(): int
                {
                    ignore_user_abort(true);
                    $boot = array_filter($_SERVER, static fn (string $name) => !str_starts_with($name, 'HTTP_'), ARRAY_FILTER_USE_KEY);
                    $request = $response = null;
                    $handler = function () use ($boot, &$request, &$response): void {
                        $_SERVER += $boot;
                        $request = Request::createFromGlobals();
                        $response = $this->kernel->handle($request);
                        $response->send();
                    };
                    for ($count = 0; $count < self::MOST && frankenphp_handle_request($handler); $count++) {
                        $this->kernel->terminate($request, $response);
                        gc_collect_cycles();
                    }
                    return 0;
                }
            }
            : parent::getRunner($application);
    }
}
