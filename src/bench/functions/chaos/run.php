<?php
// Waits ?ms in the middle.
require __DIR__ . '/_ledger.php';
ledger('start');
wait_ms();
ledger('end');
echo $_GET['id'], " done\n";
