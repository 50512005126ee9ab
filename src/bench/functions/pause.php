<?php
// 5 ms of waiting.
usleep(5_000);
echo "waited\n";
