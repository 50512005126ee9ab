<?php
// Does not end on SIGTERM.
if (function_exists('pcntl_signal')) {
    pcntl_async_signals(true);
    pcntl_signal(SIGTERM, fn() => null);
}
file_put_contents($_GET['side'] . '/running-', (string) getmypid());
for (;;) {
    usleep(1000);
}
