<?php
// ?count=<n> pieces of a mebibyte; with &announce their length in the head.
header('Content-Type: application/octet-stream');
if (isset($_GET['announce'])) {
    header('Content-Length: ' . ($_GET['count'] << 20));
}
$piece = str_repeat('0123456789abcdef', 1 << 16);
for ($i = 0; $i < $_GET['count']; $i++) {
    echo $piece;
}
