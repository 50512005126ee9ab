<?php
// As upload.php, with its body streamed.
require __DIR__ . '/_ledger.php';
ledger('start');
$sum = md5(file_get_contents('php://input'));
wait_ms();
ledger('end');
echo $_GET['id'], " $sum done\n";
