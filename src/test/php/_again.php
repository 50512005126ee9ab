<?php
// Counts its runs, and kills its process in the first one, with ?always in each; with ?head after a head, with ?slow after a while,
// with ?gate when its gate is opened.
while (ob_get_level() > 0 && ob_end_flush());
$side = $_GET['side'];
file_put_contents("$side/runs", 'x', FILE_APPEND);
clearstatcache();
$run = filesize("$side/runs");
if ($run === 1) {
    file_put_contents("$side/first", getmypid());
}
if (isset($_GET['head'])) {
    echo 'begun';
    flush();
}
if (isset($_GET['slow'])) {
    $run === 1 ? usleep(2_500_000) : sleep(30);
}
while (isset($_GET['gate']) && is_dir($side) && !file_exists("$side/gate")) {
    clearstatcache();
    usleep(2000);
}
if ($run === 1 || isset($_GET['always'])) {
    posix_kill(getmypid(), 9);
}
echo "run $run: ", file_get_contents('php://input');
