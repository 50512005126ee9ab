<?php
// GET /api/reports/daily?day=2026-01-31: a function with a nested name
declare(strict_types=1);

header('Content-Type: application/json');

$utc = new DateTimeZone('UTC');
$asked = $_GET['day'] ?? (new DateTimeImmutable('now', $utc))->format('Y-m-d');
$day = is_string($asked) && !str_contains($asked, "\0") ? DateTimeImmutable::createFromFormat('!Y-m-d', $asked, $utc) : false;
if ($day === false || $day->format('Y-m-d') !== $asked) {
    http_response_code(400);
    echo json_encode(['error' => 'day is a date such as 2026-01-31']);
    return;
}

// Stands for a query: the same day always gives the same numbers.
$orders = crc32($asked) % 900 + 100;
echo json_encode([
    'day' => $asked,
    'weekday' => $day->format('l'),
    'orders' => $orders,
    'average' => round(crc32("average $asked") % 9000 / 100 + 10, 2),
]);
