<?php
// Starts a process that outlives every patience: nothing of it may outlive the gateway.
exec('sleep 1000');
