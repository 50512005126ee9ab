"""Clients run ahead of all other processes, where that is allowed.

A client that waits for a core measures the scheduler and not the server. On 2 cores with 16 PHP processes it waited
for up to 150 ms at a time, which determined the 99th percentile."""

import contextlib
import os
import subprocess

REAL_TIME = ["chrt", "--fifo", "10"]
# Before a command line: has it run ahead of all others, or is empty where that is not allowed.
AHEAD = REAL_TIME if subprocess.run(REAL_TIME + ["true"], capture_output=True).returncode == 0 else []


def go_ahead():
    """Makes this process run ahead of all others, where that is allowed, but not the processes that it starts."""
    with contextlib.suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_RR | os.SCHED_RESET_ON_FORK, os.sched_param(1))
