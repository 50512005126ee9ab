<?php
// GET /api/hello?name=Ada
declare(strict_types=1);

header('Content-Type: application/json');

$name = $_GET['name'] ?? 'World';
if (!is_string($name) || $name === '' || strlen($name) > 200 || preg_match('//u', $name) !== 1) {
    http_response_code(400);
    echo json_encode(['error' => 'name is a text of 1 to 200 bytes']);
    return;
}
echo json_encode(['message' => "Hello, $name!"], JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR);
