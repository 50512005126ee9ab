<?php
// As run.php, for shorter waits.
require __DIR__ . '/_ledger.php';
ledger('start');
wait_ms();
ledger('end');
echo $_GET['id'], " done\n";
