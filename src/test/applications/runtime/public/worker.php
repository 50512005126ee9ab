<?php

/** With the runtime for FrankenPHP, which in a deployment the environment names. */

declare(strict_types=1);

use App\Kernel;
use App\WorkerRuntime;

$_SERVER['APP_RUNTIME'] = WorkerRuntime::class;
require_once dirname(__DIR__) . '/vendor/autoload_runtime.php';

return static fn (array $context): Kernel => new Kernel($context['APP_ENV'], (bool) $context['APP_DEBUG']);
