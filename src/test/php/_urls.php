<?php
// What Symfony makes of a request's address: the base URL of its links, and the path that it routes.
require '/usr/share/php/Symfony/Component/HttpFoundation/autoload.php';

$request = Symfony\Component\HttpFoundation\Request::createFromGlobals();
header('Content-Type: application/json');
echo json_encode([
    'base' => $request->getBaseUrl(),
    'path' => $request->getPathInfo(),
    'script' => $_SERVER['SCRIPT_NAME'],
    'self' => $_SERVER['PHP_SELF'],
]);
