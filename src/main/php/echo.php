<?php
// Any method at /api/echo[/<path info>]: shows the request as PHP sees it.
declare(strict_types=1);

const SHOWN = 64 * 1024;

$body = fopen('php://input', 'rb');
$start = (string) stream_get_contents($body, SHOWN);
$length = strlen($start);
while (!feof($body)) {
    $length += strlen((string) fread($body, 65536));
}

$headers = [];
$variables = [];
foreach ($_SERVER as $name => $value) {
    if (!is_string($value)) {
        continue;
    }
    if (str_starts_with($name, 'HTTP_')) {
        $headers[strtolower(strtr(substr($name, 5), '_', '-'))] = $value;
    } elseif (!in_array($name, ['SCRIPT_FILENAME', 'DOCUMENT_ROOT', 'PATH_TRANSLATED', 'HOME', 'USER'], true)) {
        $variables[$name] = $value; // places on the server's disk stay out of the answer
    }
}
unset($variables['PHP_SELF'], $variables['REQUEST_TIME']);
ksort($variables);

header('Content-Type: application/json');
header('Cache-Control: no-store');
echo json_encode(
    [
        'method' => $_SERVER['REQUEST_METHOD'],
        'query' => (object) $_GET,
        'headers' => (object) $headers,
        'variables' => $variables,
        'body' => [
            'length' => $length,
            'base64' => base64_encode($start), // the first 64 KiB
        ],
    ],
    JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR,
);
