<?php
// 200 ms of waiting, as for a slow database or another service.
usleep(200_000);
echo "slow\n";
