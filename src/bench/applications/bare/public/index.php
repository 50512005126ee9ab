<?php

declare(strict_types=1);

use Bare\Kernel;
use Symfony\Component\HttpFoundation\Request;

require_once __DIR__ . '/../autoload.php';

$kernel = new Kernel('prod', false);
$request = Request::createFromGlobals();
$response = $kernel->handle($request);
$response->send();
$kernel->terminate($request, $response);
