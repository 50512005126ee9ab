<?php
// Computes for ?ms= milliseconds of processor time, however long they take on a busy machine.
$cpu = function () {
    $used = getrusage();
    return ($used['ru_utime.tv_sec'] + $used['ru_stime.tv_sec']) * 1000 + ($used['ru_utime.tv_usec'] + $used['ru_stime.tv_usec']) / 1000;
};
for ($end = $cpu() + (int) $_GET['ms']; $cpu() < $end;) {
    md5(str_repeat('x', 10_000));
}
echo 'computed';
