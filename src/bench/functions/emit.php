<?php
// Answers with the header fields that the query names, for src/bench/hostile: ?h[]=Name:value
foreach ($_GET['h'] ?? [] as $line) {
    @header($line, false);
}
echo str_repeat('x', (int) ($_GET['bytes'] ?? 2));
