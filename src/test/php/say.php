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
    case 'json':
        error_log(json_encode(['text' => "line\nbreak \u{202e}\t\\n {", 'pad' => str_repeat('x', $n), 'list' => [1, [2, []]]],
            JSON_PRETTY_PRINT | JSON_UNESCAPED_UNICODE));
        break;
    case 'lines':
        $err = fopen('php://stderr', 'w');
        for ($i = 0; $i < 100; $i++) {
            fwrite($err, str_repeat($_GET['c'], 2000) . " $i\n");
        }
        break;
    case 'cut':
        fwrite(fopen('php://stderr', 'w'), "begin" . str_repeat('y', $n));
        posix_kill(getmypid(), 9);
    case 'death':
        error_log("last words $n");
        posix_kill(getmypid(), 9);
    case 'stderrdeath':
        file_put_contents('php://stderr', "last line $n\n");
        posix_kill(getmypid(), 9);
    case 'shapes':
        $err = fopen('php://stderr', 'w');
        fwrite($err, "one\n\n\ntwo\n");
        fwrite($err, "a\0b\n\0fsc\n");
        fwrite($err, "cut\0fscf\0off\n");
        fwrite($err, 'no end');
        break;
    case 'program':
        exec('echo by a program >&2; (echo in the background >&2) > /dev/null &');
        echo exec('echo taken 2>&1');
        exit;
    case 'path':
        ini_set('error_log', '/dev/stderr');
        error_log('by the path of a stream');
        break;
    case 'many':
        $err = fopen('php://stderr', 'w');
        for ($i = 0; $i < 20000; $i++) {
            fwrite($err, "line $i\n");
        }
        break;
    case 'where':
        echo readlink('/proc/self/fd/2');
        exit;
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
