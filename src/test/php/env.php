<?php
// All CGI variables as PHP sees them, and the environment that a program it starts would see.
header('Content-Type: application/json');
echo json_encode(
    ['server' => $_SERVER, 'environment' => array_filter(explode("\n", shell_exec('/usr/bin/env'))), 'pid' => getmypid()],
    JSON_INVALID_UTF8_SUBSTITUTE
);
