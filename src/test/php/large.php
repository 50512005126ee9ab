<?php
// ?megabytes=<n> of bytes that differ from block to block.
header('Content-Type: application/octet-stream');
if (isset($_GET['unbuffered'])) {
    header('X-Accel-Buffering: no');
}
if (isset($_GET['announce'])) {
    header('Content-Length: ' . ($_GET['megabytes'] << 20));
}
for ($i = 0; $i < $_GET['megabytes'] * 16; $i++) {
    echo str_repeat(pack('N', $i), 16384);
}
