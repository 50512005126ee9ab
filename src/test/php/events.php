<?php
// Sends an event, and the next one only when its gate is open.
while (ob_get_level() > 0 && ob_end_flush());
$side = $_GET['side'];
header('Content-Type: text/event-stream');
for ($i = 1; $i <= 3; $i++) {
    echo "data: $i\n\n";
    flush();
    while (is_dir($side) && !file_exists("$side/gate-$i")) {
        clearstatcache();
        usleep(2000);
    }
}
echo "data: end\n\n";
