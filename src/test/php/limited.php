<?php
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
sleep(30);
