"""How long threads wait for a core, and behind whom: the kernel's own record of who ran when (ftrace).

The record goes into a buffer of the kernel and is read when all is over. `perf sched` copies it out meanwhile, and on two cores took 31 of
the 48 ms of waits that it reported. Needs root, and tracefs.
"""

import collections
import contextlib
import pathlib
import re
import subprocess
from typing import NamedTuple

TRACEFS = pathlib.Path("/sys/kernel/tracing")
INSTANCE = "relais-tail"
BUFFER_KIB = 48 << 10  # for each core
LOST = re.compile(r"LOST (\d+) EVENTS")
LINE = re.compile(r"^\s*(?P<who>.+)-(?P<pid>\d+)\s+\[(?P<cpu>\d+)\].*?\s(?P<at>\d+\.\d+): (?P<event>sched_\w+): (?P<rest>.*)$")
SWITCH = re.compile(r"prev_comm=(?P<prev>.*) prev_pid=(?P<prev_pid>\d+) prev_prio=\d+ prev_state=(?P<state>\S+) ==> "
                    r"next_comm=(?P<next>.*) next_pid=(?P<next_pid>\d+) next_prio=\d+")
WAKEUP = re.compile(r"pid=(?P<pid>\d+) .*target_cpu=(?P<cpu>\d+)")
IDLE = 0  # the pid of a core that does nothing


class Wait(NamedTuple):
    """One wait of a thread that could have run."""

    pid: int
    seconds: float
    behind: dict  # name of a thread -> seconds for which it ran meanwhile, on the core where the waiting one ran then


class Recording:
    """Records until `stop`; the waits of these threads are read from it then."""

    def __init__(self, threads):
        self.threads = set(threads)
        self.lines = []

    def __enter__(self):
        if not (TRACEFS / "instances").exists():
            subprocess.run(["mount", "-t", "tracefs", "tracefs", TRACEFS], check=True)
        self.folder = TRACEFS / "instances" / INSTANCE
        with contextlib.suppress(FileExistsError):
            self.folder.mkdir()
        self.set("tracing_on", 0)
        self.set("trace_clock", "mono")
        self.set("buffer_size_kb", BUFFER_KIB)
        self.set("events/sched/sched_wakeup/filter", " || ".join(f"pid == {pid}" for pid in self.threads))
        for event in ("sched_switch", "sched_wakeup"):
            self.set(f"events/sched/{event}/enable", 1)
        self.set("trace", "")
        self.set("tracing_on", 1)
        return self

    def set(self, name, value):
        (self.folder / name).write_text(f"{value}\n")

    def __exit__(self, *_):
        self.set("tracing_on", 0)
        for event in ("sched_switch", "sched_wakeup"):
            self.set(f"events/sched/{event}/enable", 0)
        self.lines = (self.folder / "trace").read_text(errors="replace").splitlines()
        self.folder.rmdir()

    def waits(self):
        return waits(self.lines, self.threads)


def waits(lines, threads):
    """All waits of these threads in the lines of a trace. Raises ValueError when the buffer was too small for it."""
    since = {}  # pid -> since when it could run
    ran = collections.defaultdict(list)  # core -> [name, begin, end], the last ones
    running = {}  # core -> (name, begin)
    found = []
    for line in lines:
        if LOST.search(line):
            raise ValueError(f"the kernel's buffer was too small: {line}")
        parts = LINE.match(line)
        if not parts:
            continue
        at, cpu = float(parts["at"]), int(parts["cpu"])
        if parts["event"] == "sched_wakeup":
            woken = WAKEUP.search(parts["rest"])
            if woken and int(woken["pid"]) in threads:
                since.setdefault(int(woken["pid"]), at)
            continue
        switch = SWITCH.match(parts["rest"])
        if not switch:
            continue
        prev, then = int(switch["prev_pid"]), int(switch["next_pid"])
        if cpu in running:
            name, begin = running[cpu]
            ran[cpu].append((name, begin, at))
        if prev in threads:
            if switch["state"].startswith("R"):
                since[prev] = at  # it was taken off its core
            else:
                since.pop(prev, None)
        running[cpu] = ("idle" if then == IDLE else switch["next"], at)
        if then in threads and then in since:
            begin = since.pop(then)
            found.append(Wait(then, at - begin, behind(ran[cpu], begin, at)))
        del ran[cpu][:-4096]
    return found


def behind(ran, begin, end):
    """Who ran for how long between these two moments."""
    share = collections.Counter()
    for name, first, last in reversed(ran):
        if last <= begin:
            break
        share[name] += min(last, end) - max(first, begin)
    return dict(share)
