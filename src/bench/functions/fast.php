<?php
// A millisecond of waiting, as for a cache or a key-value store.
usleep(1000);
echo "fast\n";
