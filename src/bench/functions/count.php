<?php
// Reads its body in pieces and says how many bytes came.
$in = fopen('php://input', 'rb');
$bytes = 0;
while (!feof($in)) {
    $bytes += strlen(fread($in, 1 << 20));
}
echo json_encode(['bytes' => $bytes, 'announced' => (int) $_SERVER['CONTENT_LENGTH']]);
