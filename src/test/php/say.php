<?php
// Says what ?to= wants into the log, with ?n= bytes between its begin and its end.
$n = (int) ($_GET['n'] ?? 0);
$text = 'begin' . str_repeat("\u{e4}", intdiv($n, 2)) . ($n % 2 ? 'x' : '') . 'end';
switch ($_GET['to']) {
    case 'log':
        error_log($text);
        break;
    case 'stderr':
    case 'stdout':
        file_put_contents('php://' . $_GET['to'], "$text\n");
        break;
    case 'odd':
        error_log("\u{202e}gpj.exe\xff\r\ntwo; three");
        error_log('separate');
        break;
    case 'death':
        error_log("last words $n");
        posix_kill(getmypid(), 9);
    case 'floodlog':
        for ($i = 0; $i < 2160; $i++) {
            error_log(str_repeat('x', 10000));
        }
        break;
    case 'floodstderr':
        for ($i = 0; $i < 2160; $i++) {
            file_put_contents('php://stderr', str_repeat('x', 10000) . "\n");
        }
}
echo 'said';
