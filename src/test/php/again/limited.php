<?php
require __DIR__ . '/../_again.php';
