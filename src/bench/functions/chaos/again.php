<?php
// As run.php, declared idempotent.
require __DIR__ . '/_ledger.php';
ledger('start');
wait_ms();
ledger('end');
echo $_GET['id'], " done\n";
