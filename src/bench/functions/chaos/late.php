<?php
// Works on when its answer is complete.
require __DIR__ . '/_ledger.php';
ledger('start');
ledger('end');
echo $_GET['id'], " done\n";
fastcgi_finish_request();
wait_ms();
ledger('late');
