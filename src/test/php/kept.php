<?php
// Its answers may be kept. ?head[]= adds fields, ?side= counts the runs there, ?gate= waits there, ?size= is the body's.
header('Cache-Control: max-age=60');
foreach ($_GET['head'] ?? [] as $field) {
    header($field);
}
$side = $_GET['side'] ?? null;
if ($side !== null) {
    file_put_contents("$side/runs", getmypid() . "\n", FILE_APPEND | LOCK_EX);
}
if (isset($_GET['first'])) {
    echo $_GET['first'];
    ob_flush();
    flush();
}
if (isset($_GET['gate'])) {
    file_put_contents("$side/waits", getmypid());
    while (is_dir($side) && !file_exists("$side/{$_GET['gate']}")) {
        usleep(2000);
        clearstatcache();
    }
}
echo isset($_GET['size']) ? str_repeat('kept ', (int) $_GET['size'] / 5) : 'kept';
