"""Slows processes: `python3 -m servers.duty PERIOD_MS ON_MS PID...` lets them run for ON_MS of each PERIOD_MS.

It does so by SIGSTOP and SIGCONT until its stdin ends. Then all run again, and it prints the share of the time in which they did."""

import os
import select
import signal
import sys
import time


def send(number, pids):
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass


def wait(until):
    """@return False when stdin has ended"""
    return not select.select([sys.stdin], [], [], max(0.0, until - time.monotonic()))[0]


def main():
    period, on = (float(argument) / 1000 for argument in sys.argv[1:3])
    pids = [int(argument) for argument in sys.argv[3:]]
    began = time.monotonic()
    ran, turn, going = 0.0, 0, True
    try:
        while going:
            resumed = time.monotonic()
            send(signal.SIGCONT, pids)
            going = wait(max(began + turn * period, resumed - on / 2) + on)
            send(signal.SIGSTOP, pids)
            ran += time.monotonic() - resumed
            turn += 1
            going = going and wait(began + turn * period)
    finally:
        send(signal.SIGCONT, pids)
    print(f"{ran / (time.monotonic() - began):.4f}")


if __name__ == "__main__":
    main()
