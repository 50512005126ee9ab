<?php
// Each head[]=<line> becomes a response header; with ?flush the first byte of the body goes out alone, with the head, and with
// ?side the rest when its gate is open.
foreach ($_GET['head'] ?? [] as $line) {
    header($line, false);
}
$body = $_GET['body'] ?? '';
if (isset($_GET['flush'])) {
    while (ob_get_level() > 0 && ob_end_flush());
    echo substr($body, 0, 1);
    flush();
    usleep(20000);
    while (isset($_GET['side']) && is_dir($_GET['side']) && !file_exists($_GET['side'] . '/gate')) {
        clearstatcache();
        usleep(2000);
    }
    $body = substr($body, 1);
}
echo $body;
