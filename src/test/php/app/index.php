<?php
header('Content-Type: application/json');
echo json_encode(['function' => 'app'] + $_SERVER);
