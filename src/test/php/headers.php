<?php
// Each head[]=<line> becomes a response header.
foreach ($_GET['head'] ?? [] as $line) {
    header($line, false);
}
echo $_GET['body'] ?? '';
