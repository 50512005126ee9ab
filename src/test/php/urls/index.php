<?php
// A folder function.
require __DIR__ . '/../_urls.php';
