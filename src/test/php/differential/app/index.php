<?php
// A folder function; it sees what a file function sees.
require __DIR__ . '/../request.php';
