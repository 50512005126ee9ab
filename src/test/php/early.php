<?php
// Answers a streamed body of which it has read nothing, in the way that ?how= says, leaves a mark, and then, with ?reads, reads it.
// What it has not read PHP itself reads at its end, unless it ?dies, once its gate is open.
ignore_user_abort(true);
if (function_exists('pcntl_signal')) {
    pcntl_async_signals(true);
    pcntl_signal(SIGTERM, fn() => null);
}
$side = $_GET['side'];
file_put_contents("$side/running-", (string) getmypid());
http_response_code(401);
if (str_contains($_GET['how'], 'length')) {
    header('Content-Length: 2');
}
echo 'no';
if (str_contains($_GET['how'], 'flush')) {
    while (ob_get_level() > 0 && ob_end_flush());
    flush();
}
if (str_contains($_GET['how'], 'finish')) {
    fastcgi_finish_request();
}
file_put_contents("$side/answered-", (string) getmypid());
if (isset($_GET['reads'])) {
    file_put_contents("$side/read-", (string) strlen(file_get_contents('php://input')));
}
if (isset($_GET['dies'])) {
    while (is_dir($side) && !file_exists("$side/gate")) {
        clearstatcache();
        usleep(2000);
    }
    posix_kill(getmypid(), 9);
}
