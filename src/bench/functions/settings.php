<?php
// What PHP runs with, so that a comparison can show that both sides run with the same.
header('Content-Type: application/json');
echo json_encode(['version' => PHP_VERSION] + ini_get_all(null, false));
