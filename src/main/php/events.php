<?php
// GET /api/events?count=10: server-sent events, one each 500 ms
declare(strict_types=1);

$count = filter_var($_GET['count'] ?? '10', FILTER_VALIDATE_INT, ['options' => ['min_range' => 1, 'max_range' => 60]]);
if ($count === false) {
    http_response_code(400);
    header('Content-Type: application/json');
    echo json_encode(['error' => 'count is a whole number from 1 to 60']);
    return;
}

header('Content-Type: text/event-stream');
header('Cache-Control: no-store');
header('X-Accel-Buffering: no'); // for an nginx in front

while (ob_get_level() > 0) {
    ob_end_flush();
}
for ($id = 1; $id <= $count; $id++) {
    if ($id > 1) {
        usleep(500_000);
    }
    echo "id: $id\n", 'data: ', json_encode(['number' => $id, 'of' => $count, 'time' => date(DATE_ATOM)]), "\n\n";
    flush();
    if (connection_aborted() !== 0) {
        return;
    }
}
