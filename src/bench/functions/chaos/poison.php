<?php
// Ends badly, in the way that stands behind its name: /api/chaos/poison/segv
require __DIR__ . '/_ledger.php';
ledger('start');

function deeper(int $n): array
{
    return array_map('deeper', [$n + 1]); // through C each time, so it is the C stack that overflows
}

switch (substr($_SERVER['PATH_INFO'], 1)) {
    case 'segv':
        posix_kill(getmypid(), 11);
        break;
    case 'memory':
        for ($all = []; ; ) {
            $all[] = str_repeat('x', 1 << 20);
        }
    case 'recursion':
        deeper(0);
        break;
    case 'output':
        for (; ; ) {
            echo str_repeat('x', 1 << 16);
        }
    case 'exit':
        echo $_GET['id'], " half\n";
        exit(1);
    case 'loop':
        for (; ; );
}
