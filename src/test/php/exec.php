<?php
// Becomes, by a shell, a process that no longer is PHP.
file_put_contents($_GET['side'] . '/running-', (string) getmypid());
exec('exec sleep 987');
