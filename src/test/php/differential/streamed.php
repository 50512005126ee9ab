<?php
// It gets its body while it comes.
require __DIR__ . '/request.php';
