<?php
// The same with other settings, see ResidentProfile.
require __DIR__ . '/course.php';
