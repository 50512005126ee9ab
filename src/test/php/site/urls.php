<?php
// A script of an application.
require __DIR__ . '/../_urls.php';
