<?php
// What PHP saw of the request, for src/bench/hostile.
$body = file_get_contents('php://input');
header('Content-Type: application/json');
echo json_encode($_SERVER + ['body' => strlen($body)], JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
