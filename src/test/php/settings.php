<?php
header('Content-Type: application/json');
echo json_encode(['disabled' => !function_exists('shell_exec'), 'memory' => ini_get('memory_limit'), 'time' => ini_get('max_execution_time')]);
