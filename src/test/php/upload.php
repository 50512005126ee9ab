<?php
header('Content-Type: application/json');
$file = $_FILES['file'];
echo json_encode([
    'field' => $_POST['field'],
    'name' => $file['name'],
    'error' => $file['error'],
    'sha256' => hash_file('sha256', $file['tmp_name']),
]);
