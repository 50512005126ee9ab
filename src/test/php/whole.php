<?php
// Sends an answer that is whole before its script ends, in the way that ?how= says, and works on until its gate is opened.
ignore_user_abort(true);
$side = $_GET['side'];
file_put_contents("$side/running-", (string) getmypid());
while (ob_get_level() > 0 && ob_end_flush());
switch ($_GET['how']) {
    case 'length':
        header('Content-Length: 6');
        echo 'answer';
        break;
    case 'pieces':
        header('Content-Length: 6');
        echo 'ans';
        flush();
        echo 'wer';
        break;
    case 'zero':
        header('Content-Length: 0');
        echo 'x'; // a flush alone sends no head
        break;
    case 'beyond':
        header('Content-Length: 6');
        echo 'answer', str_repeat('more', 500000);
        break;
    case 'large':
        header('Content-Length: ' . (12 << 20));
        for ($i = 0; $i < 12 * 16; $i++) {
            echo str_repeat(pack('N', $i), 16384);
        }
        break;
    case 'status':
        http_response_code((int) $_GET['status']);
        echo 'x';
        break;
    case 'head':
        header('X-Head: 1');
        echo 'body';
        break;
}
flush();
while (is_dir($side) && !file_exists("$side/gate")) {
    clearstatcache();
    usleep(2000);
}
echo str_repeat('after', 50000);
flush();
file_put_contents("$side/through-", (string) getmypid());
