<?php
// 20 ms of waiting.
usleep(20_000);
echo "waited\n";
