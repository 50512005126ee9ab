<?php
// For src/bench/cached: an answer that may be kept. ?bytes= is its size, ?type= its media type; with ?never it may not be kept, with ?packed it
// is compressed here.
header(isset($_GET['never']) ? 'Cache-Control: no-store' : 'Cache-Control: max-age=3600');
header('Content-Type: ' . ($_GET['type'] ?? 'application/octet-stream'));
$line = "All work and no play makes Jack a dull boy, said the cache to the child.\n";
$bytes = (int) ($_GET['bytes'] ?? 2);
$text = substr(str_repeat($line, intdiv($bytes, strlen($line)) + 1), 0, $bytes);
if (isset($_GET['packed'])) {
    header('Content-Encoding: gzip');
    $text = gzencode($text);
}
echo $text;
