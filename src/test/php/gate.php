<?php
// Says that it runs, waits for its gate to be opened, and says that it is through: all by files in ?side=<directory>.
ignore_user_abort(true);
$side = $_GET['side'];
file_put_contents("$side/running-" . ($_GET['id'] ?? ''), (string) getmypid());
while (is_dir($side) && !file_exists("$side/gate")) {
    clearstatcache();
    usleep(2000);
}
file_put_contents("$side/through-" . ($_GET['id'] ?? ''), (string) getmypid());
echo 'through';
