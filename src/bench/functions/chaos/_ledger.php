<?php
// One line for each step of a run, in one write that the kernel appends whole: "start ID PID SECONDS".
function ledger(string $step): void
{
    $line = sprintf("%s %s %d %.6f\n", $step, $_GET['id'], getmypid(), microtime(true));
    file_put_contents(getenv('CHAOS_LEDGER'), $line, FILE_APPEND);
}

function wait_ms(): void
{
    usleep(1000 * (int) ($_GET['ms'] ?? 0));
}
