<?php
// Leaves a background job behind, which has the child's descriptors, the FastCGI connection among them, for a second more.
require __DIR__ . '/_ledger.php';
ledger('start');
exec('sleep 1 > /dev/null 2>&1 &');
wait_ms();
ledger('end');
echo $_GET['id'], " done\n";
