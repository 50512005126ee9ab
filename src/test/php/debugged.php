<?php
// Says whether a debugger's extension is loaded, after it has waited for as long as ?seconds= says.
function twice(int $number): int
{
    $doubled = 2 * $number;
    return $doubled; // line 6, where the tests stop
}
$end = microtime(true) + (float) ($_GET['seconds'] ?? 0);
while (microtime(true) < $end) {
    usleep(10_000);
}
if (isset($_GET['side'])) {
    file_put_contents("{$_GET['side']}/pid", (string) getmypid());
}
echo extension_loaded('xdebug') ? 'with' : 'without', ' ', twice(21), ' ', implode(',', array_keys($_COOKIE));
