<?php
// Waits 32 times for half a millisecond, some 20 ms in all, as a script that asks a database many times: a process that is stopped
// for nine tenths of the time takes some ten times as long for them. Says under which master it ran.
for ($i = 0; $i < 32; $i++) {
    usleep(500);
}
echo posix_getppid(), "\n";
