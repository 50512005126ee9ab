"""What /proc says about processes: which ones live, in which session, and how much CPU they have used.

As a program, `python3 -m servers.processes SCRATCH`: kills and puts back what a run in that scratch directory left behind."""

import collections
import os
import pathlib
import signal
import sys
from dataclasses import dataclass

from servers import autogroup, link

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Proc:
    """One process at one instant. `pid` and `start` together name it for ever: PIDs come back, start times do not."""

    pid: int
    name: str
    state: str
    parent: int
    group: int
    session: int
    cpu: float  # seconds, user and system, all threads
    start: int  # ticks after boot
    reaped: float = 0  # seconds, of ended children and theirs that it has waited for

    @property
    def key(self):
        return self.pid, self.start

    @property
    def running(self):
        return self.state not in "ZX"


def read(pid):
    """The process, or None when it has ended."""
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return None
    head, _, tail = text.rpartition(")")  # the name may hold blanks and parentheses
    f = tail.split()
    return Proc(int(pid), head.partition("(")[2], f[0], int(f[1]), int(f[2]), int(f[3]),
                (int(f[11]) + int(f[12])) / TICKS, int(f[19]), (int(f[13]) + int(f[14])) / TICKS)


def everyone():
    return [p for p in map(read, filter(str.isdigit, os.listdir("/proc"))) if p]


def running(procs):
    """Those of `procs` that still are the same process, and not a zombie."""
    now = {p.key: p for p in map(read, {p.pid for p in procs}) if p}
    return [now[p.key] for p in procs if p.key in now and now[p.key].running]


def descendants(pid, procs=None):
    procs = everyone() if procs is None else procs
    found, parents = [], {pid}
    while parents:
        generation = [p for p in procs if p.parent in parents]
        found += generation
        parents = {p.pid for p in generation}
    return found


def title(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def masters(directory):
    """The PHP-FPM masters whose config file lies below `directory`."""
    return [p for p in everyone() if p.running and title(p.pid).startswith(f"php-fpm: master process ({directory}/")]


def descriptors(pid):
    """How many descriptors a process has open, by their kinds: file, socket, pipe, ..."""
    kinds = collections.Counter()
    for link in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = os.readlink(link)
        except OSError:
            continue
        kinds[target.partition(":")[0] if ":" in target else "file"] += 1
    return kinds


def cpu(procs):
    """Seconds of CPU that the processes have used up to now."""
    return sum(p.cpu for p in map(read, {p.pid for p in procs}) if p)


def kill(procs):
    for p in running(procs):
        try:
            os.kill(p.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def remember(scratch, *procs):
    """Notes processes that must not outlive the run, nor may anything in their sessions."""
    with open(f"{scratch}/pids", "a") as notes:
        notes.writelines(f"{p.pid} {p.start}\n" for p in procs)


def sweep(scratch):
    notes = pathlib.Path(scratch, "pids")
    started = dict(map(int, line.split()) for line in notes.read_text().splitlines()) if notes.exists() else {}
    started |= {p.pid: p.start for p in masters(scratch)}
    left = [p for p in everyone() if p.running and p.session in started and p.start >= started[p.session]]
    for p in left:
        print(f"left behind, killed: {p.pid} {p.name}", file=sys.stderr)
    kill(left)
    autogroup.restore(scratch)
    link.remove(scratch)


if __name__ == "__main__":
    sweep(sys.argv[1])
