<?php
// Ends in the way that ?how= says.
while (ob_get_level() > 0 && ob_end_flush());
if (isset($_GET['head'])) {
    echo 'begun';
    flush();
}
switch ($_GET['how']) {
    case 'die':
        die('died');
    case 'exit':
        exit(3);
    case 'throw':
        throw new RuntimeException('secret of the script');
    case 'kill':
        posix_kill(getmypid(), 9);
    case 'segfault':
        posix_kill(getmypid(), 11);
}
