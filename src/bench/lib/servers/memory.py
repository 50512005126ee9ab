"""What a gateway holds: memory, threads, descriptors."""

import pathlib
import re
import threading

from servers.jdk import jcmd

MIB = 1 << 20
MAPPING = re.compile(r"[0-9a-f]+-[0-9a-f]+ ...(.) ")  # its last flag: p for private, s for shared
LOOKS = 0.25  # seconds between two looks at the memory


def held(server):
    """Bytes of the heap, of direct memory, resident, and of spool files; nothing when the gateway does not answer."""
    try:
        meters = server.meters()
        return {
            "heap": meters.total("jvm_memory_used_bytes", area="heap"),
            "direct": meters.total("jvm_buffer_memory_used_bytes", id="direct"),
            "rss": resident(server.gateway.pid),
            "spool": meters.total("relais_spool_bytes"),
        }
    except (LookupError, FileNotFoundError):
        return {}


def resident(pid):
    """Bytes; none of a process that has ended and is not forgotten yet."""
    found = re.search(r"VmRSS:\s+(\d+) kB", pathlib.Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) * 1024 if found else 0


def private(pid):
    """Bytes of a PHP child that are its own. What it shares with its master, as opcache's memory, counts as private while it is being filled, and is
    left out by its kind of mapping; none of a process that has ended."""
    found, shared = 0, False
    try:
        lines = pathlib.Path(f"/proc/{pid}/smaps").read_text().splitlines()
    except OSError:
        return 0
    for line in lines:
        if mapping := MAPPING.match(line):
            shared = mapping[1] == "s"
        elif line.startswith("Private_") and not shared and not line.startswith("Private_Hugetlb"):
            found += int(line.split()[1]) * 1024
    return found


def collect(server):
    """Has the gateway collect all garbage."""
    jcmd(server, "GC.run")


class Watch(threading.Thread):
    """Looks at a gateway four times a second, and keeps the highest value of each kind in `peak`."""

    def __init__(self, look):
        super().__init__(daemon=True)
        self.look, self.over, self.peak = look, threading.Event(), {}
        self.start()

    def run(self):
        while not self.over.wait(LOOKS):
            for key, value in self.look().items():
                self.peak[key] = max(self.peak.get(key, 0), value)

    def end(self, seconds=None):
        self.over.set()
        self.join(seconds)
