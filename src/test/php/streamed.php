<?php
// Reads its body as it comes and leaves a mark at the first byte and at the end, whatever the signals say.
ignore_user_abort(true);
if (function_exists('pcntl_signal')) {
    pcntl_async_signals(true);
    pcntl_signal(SIGTERM, fn() => null);
}
$side = $_GET['side'];
file_put_contents("$side/running-", (string) getmypid());
if (isset($_GET['early'])) {
    while (ob_get_level() > 0 && ob_end_flush());
    echo 'early';
    flush();
}
$in = fopen('php://input', 'r');
$hash = hash_init('sha256');
for ($bytes = 0; ($piece = fread($in, 65536)) !== false && $piece !== ''; $bytes += strlen($piece)) {
    if ($bytes === 0) {
        file_put_contents("$side/first-", (string) getmypid());
    }
    hash_update($hash, $piece);
}
file_put_contents("$side/through-", (string) getmypid());
header('Content-Type: application/json');
echo json_encode([
    'bytes' => $bytes,
    'sha256' => hash_final($hash),
    'length' => $_SERVER['CONTENT_LENGTH'],
    'type' => $_SERVER['CONTENT_TYPE'],
]);
