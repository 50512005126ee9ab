<?php
$body = file_get_contents('php://input');
header('Content-Type: application/json');
echo json_encode([
    'bytes' => strlen($body),
    'sha256' => hash('sha256', $body),
    'length' => $_SERVER['CONTENT_LENGTH'],
    'type' => $_SERVER['CONTENT_TYPE'],
]);
