<?php
// Five pieces, each sent at once.
require __DIR__ . '/_ledger.php';
ledger('start');
for ($n = 0; $n < 5; $n++) {
    echo $_GET['id'], " piece $n\n";
    ob_flush();
    flush();
    usleep(200 * (int) $_GET['ms']);
}
ledger('end');
echo $_GET['id'], " done\n";
