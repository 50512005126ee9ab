<?php
// Never resident.
require __DIR__ . '/course.php';
