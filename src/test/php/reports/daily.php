<?php
header('Content-Type: application/json');
echo json_encode(['function' => 'reports/daily'] + $_SERVER);
