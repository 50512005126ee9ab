<?php
// large.php, with limits of its own: see functions.yaml.
require __DIR__ . '/../large.php';
