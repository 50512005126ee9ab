<?php
// Says that it runs, with ?head after its head, waits for its gate, writes twenty megabytes or ?pieces, and says that it is through.
while (ob_get_level() > 0 && ob_end_flush());
$side = $_GET['side'];
if (isset($_GET['unbuffered'])) {
    header('X-Accel-Buffering: no');
}
if (isset($_GET['head'])) {
    echo 'begun';
    flush();
}
file_put_contents("$side/running-", (string) getmypid());
while (is_dir($side) && !file_exists("$side/gate")) {
    clearstatcache();
    usleep(2000);
}
for ($i = 0; $i < ($_GET['pieces'] ?? 200); $i++) {
    echo str_repeat('x', 100000);
    flush();
}
file_put_contents("$side/through-", (string) getmypid());
