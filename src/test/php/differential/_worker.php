<?php
return require __DIR__ . '/../_worker.php';
