<?php

/** The framework's usual front controller. Debian keeps its components on PHP's include path. */

declare(strict_types=1);

use Box\Kernel;
use Symfony\Component\HttpFoundation\Request;

foreach (['Bundle/FrameworkBundle', 'Bundle/SecurityBundle', 'Bundle/TwigBundle', 'Component/Form', 'Component/Mime',
    'Component/Security/Csrf', 'Component/Validator'] as $part) {
    require_once "Symfony/$part/autoload.php";
}
spl_autoload_register(static function (string $class): void {
    if (str_starts_with($class, 'Box\\')) {
        require __DIR__ . '/../src/' . substr($class, 4) . '.php';
    }
});

$kernel = new Kernel('prod', false);
$request = Request::createFromGlobals();
$response = $kernel->handle($request);
$response->send();
$kernel->terminate($request, $response);
