<?php
// Works for longer than its time limit, and leaves marks when it begins and when it has given what it is asked for.
while (ob_get_level() > 0 && ob_end_flush());
file_put_contents($_GET['side'] . '/running-', (string) getmypid());
if (isset($_GET['head'])) {
    echo 'begun';
    flush();
}
if (isset($_GET['finish'])) {
    echo 'answer';
    fastcgi_finish_request();
}
file_put_contents($_GET['side'] . '/given-', (string) getmypid());
sleep(30);
