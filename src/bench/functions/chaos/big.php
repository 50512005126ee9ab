<?php
// An answer of ?kib KiB, made of the id: what a slow reader takes its time for.
require __DIR__ . '/_ledger.php';
ledger('start');
$line = md5($_GET['id']);
for ($n = (int) $_GET['kib']; $n > 0; $n--) {
    echo str_repeat($line, 32);
}
ledger('end');
echo $_GET['id'], " done\n";
