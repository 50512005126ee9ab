<?php
// One line for each step of a run, in one write that the kernel appends whole: "start ID PID SECONDS MASTER".
// A master is the leader of its children's session, and stays it when it is dead.
function ledger(string $step): void
{
    $line = sprintf("%s %s %d %.6f %d\n", $step, $_GET['id'], getmypid(), microtime(true), posix_getsid(0));
    file_put_contents(getenv('CHAOS_LEDGER'), $line, FILE_APPEND);
}

function wait_ms(): void
{
    usleep(1000 * (int) ($_GET['ms'] ?? 0));
}
