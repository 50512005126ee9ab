<?php
// Fills the allocator's chunks, some of which the process keeps when the script has ended.
$kept = [];
for ($i = 0; $i < 25; $i++) {
    $kept[] = str_repeat('x', 1_500_000);
}
echo getmypid();
