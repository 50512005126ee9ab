<?php
require __DIR__ . '/../job.php';
