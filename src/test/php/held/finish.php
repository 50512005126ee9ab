<?php
// abort/finish.php, with limits of its own: see functions.yaml.
require __DIR__ . '/../abort/finish.php';
