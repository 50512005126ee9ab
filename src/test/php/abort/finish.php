<?php
require __DIR__ . '/../_abort.php';
