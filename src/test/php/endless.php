<?php
while (ob_get_level() > 0 && ob_end_flush());
file_put_contents($_GET['side'] . '/running-', (string) getmypid());
for ($i = 0; ; $i++) {
    echo "$i\n";
    flush();
    usleep(5000);
}
