<?php
// Sleeps ?ms=N milliseconds: a request that is still running when something happens.
usleep(1000 * min(10_000, (int) ($_GET['ms'] ?? 100)));
echo "slept\n";
