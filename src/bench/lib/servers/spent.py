"""What a server's processes have used: CPU of the front and of PHP apart, and memory."""

import pathlib
import re

from servers import processes

MIB = 1 << 20


def parts(server):
    """(front, PHP): all processes of a server that live now. Without a master of PHP-FPM all are the front's."""
    procs = processes.everyone()
    masters = {m.pid for m in server.masters()}
    php = [p for pid in masters for p in processes.descendants(pid, procs)] + [p for p in procs if p.pid in masters]
    roots = {process.pid for process in server.processes}
    everything = [p for pid in roots for p in processes.descendants(pid, procs)] + [p for p in procs if p.pid in roots]
    of_php = {p.pid for p in php}
    front = {p.pid: p for p in everything if p.pid not in of_php}
    return list(front.values()), php


def cpu(server):
    """(front, PHP): seconds of CPU up to now, of processes that have ended meanwhile too: who has waited for them has them in its account."""
    return tuple(sum(p.cpu + p.reaped for p in part) for part in parts(server))


def exact_cpu(server):
    """(front, PHP): the same of the living threads alone, by the scheduler's clock and not in ticks of 10 ms."""
    return tuple(sum(running(p.pid) for p in part) for part in parts(server))


def running(pid):
    """Seconds that the living threads of a process have run."""
    total = 0
    for file in pathlib.Path(f"/proc/{pid}/task").glob("*/schedstat"):
        try:
            total += int(file.read_text().split()[0])
        except (OSError, IndexError):  # it has ended meanwhile
            pass
    return total / 1e9


def memory(server):
    """(front, PHP): MiB. What several processes share counts once; one process alone counts as resident."""
    front, php = parts(server)
    own = resident(front[0].pid) if len(front) == 1 else sum(proportional(p.pid) for p in front)
    return own / MIB, sum(proportional(p.pid) for p in php) / MIB


def resident(pid):
    return field(f"/proc/{pid}/status", "VmRSS")


def proportional(pid):
    """Bytes, of shared pages a part; where that may not be read, resident bytes."""
    return field(f"/proc/{pid}/smaps_rollup", "Pss") or resident(pid)


def field(file, name):
    """Bytes; none of a process that has ended."""
    try:
        found = re.search(rf"^{name}:\s+(\d+) kB", pathlib.Path(file).read_text(), re.M)
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0
