<?php
// Leaves a process behind that holds all descriptors of this one; its number is the mark "job". Then does what ?then= says.
$side = $_GET['side'];
$job = "printf %s \$\$ > $side/job.new && mv $side/job.new $side/job && exec sleep 120";
if ($_GET['how'] === 'stray') {
    $record = '\\001\\006\\000\\001\\000\\004\\000\\000evil';
    $write = "for n in 3 4 5 6 7 8 9; do if test -S /proc/self/fd/\$n; then printf \"$record\" >&\$n; fi; done";
    $job = str_replace('exec sleep', "until test -e $side/go; do sleep 0.01; done; $write; printf 1 > $side/written; exec sleep", $job);
}
file_put_contents("$side/running-", (string) getmypid());
match ($_GET['how']) {
    'quiet' => exec("sh -c '$job' > /dev/null 2>&1 &"),
    'nohup' => exec("nohup sh -c '$job' > /dev/null 2>&1 &"),
    'setsid' => exec("setsid sh -c '$job' > /dev/null 2>&1 &"),
    'stray' => exec("setsid sh -c '$job' > /dev/null 2>&1 &"),
    'heard' => exec("sh -c '$job' &"), // exec waits for the end of the job's output
};
while (is_dir($side) && !file_exists("$side/job")) {
    usleep(1000);
    clearstatcache();
}
switch ($_GET['then']) {
    case 'end':
        exit('done');
    case 'die':
        posix_kill(getmypid(), (int) $_GET['signal']);
    default:
        sleep(120);
}
