<?php
// GET /api/slow?ms=250: sleeps, at most 10 s
declare(strict_types=1);

header('Content-Type: application/json');
header('Cache-Control: no-store');

$ms = filter_var($_GET['ms'] ?? '1000', FILTER_VALIDATE_INT, ['options' => ['min_range' => 0, 'max_range' => 10_000]]);
if ($ms === false) {
    http_response_code(400);
    echo json_encode(['error' => 'ms is a whole number from 0 to 10000']);
    return;
}

$start = hrtime(true);
usleep($ms * 1000);
echo json_encode(['asked_ms' => $ms, 'slept_ms' => round((hrtime(true) - $start) / 1e6, 1)]);
