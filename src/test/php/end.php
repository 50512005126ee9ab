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
    case 'signal':
        posix_kill(getmypid(), (int) $_GET['signal']);
        sleep(60);
    case 'abort': // by a program, as an extension may
        exec('kill -ABRT ' . getmypid());
        sleep(60);
    case 'kill':
        posix_kill(getmypid(), 9);
    case 'segfault':
        posix_kill(getmypid(), 11);
}
