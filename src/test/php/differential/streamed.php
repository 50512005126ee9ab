<?php
// It gets its body while it comes.
require __DIR__ . (isset($_GET['case']) ? '/course.php' : '/request.php');
