"""How many bytes a gateway's threads allocate on the heap, as the JVM itself counts them.

A flight recording with the one event jdk.ThreadAllocationStatistics holds, for each thread, the bytes that it has allocated since it
was started (what ThreadMXBean.getThreadAllocatedBytes gives): once when the recording begins and once when it ends. The count is
exact, is kept by the JVM in any case, and the recording adds nothing to a request."""

import json
import subprocess

from servers.jdk import jcmd, tool

EVENT = "jdk.ThreadAllocationStatistics"
SETTINGS = f"""<?xml version="1.0" encoding="UTF-8"?>
<configuration version="2.0">
  <event name="{EVENT}">
    <setting name="enabled">true</setting>
    <setting name="period">everyChunk</setting>
  </event>
</configuration>
"""
RECORDER = "JFR "  # so the names of its own threads begin
EVENT_LOOP = "vert.x-eventloop-thread"  # so those of the threads that serve requests


class Recording:
    """While this lasts, allocations are counted; `bytes` has them by the name of the thread afterwards."""

    def __init__(self, server):
        self.server = server
        self.settings, self.file = server.home / "allocations.jfc", server.home / "allocations.jfr"
        self.settings.write_text(SETTINGS)

    def __enter__(self):
        jcmd(self.server, "JFR.start", "name=allocations", f"settings={self.settings}")
        return self

    def __exit__(self, *_):
        jcmd(self.server, "JFR.stop", "name=allocations", f"filename={self.file}")
        printed = subprocess.run([tool(self.server.args.java, "jfr"), "print", "--json", "--events", EVENT, str(self.file)],
                                 check=True, capture_output=True, text=True)
        self.bytes = allocated(json.loads(printed.stdout))

    def total(self, names=""):
        """Of all threads whose names begin so."""
        return sum(count for name, count in self.bytes.items() if name.startswith(names))


def allocated(printed):
    """Bytes by the name of the thread, from what `jfr print --json` says. A thread that is seen once was started or ended meanwhile: what
    it had allocated when it was seen cannot be told apart from before, and does not count."""
    seen = {}
    for event in printed["recording"]["events"]:
        values = event["values"]
        thread = values["thread"]
        name = thread and (thread["javaName"] or thread["osName"])
        if name and not name.startswith(RECORDER):
            seen.setdefault((thread["osThreadId"], name), []).append(int(values["allocated"]))
    totals = {}
    for (_, name), counts in seen.items():
        totals[name] = totals.get(name, 0) + max(counts) - min(counts)
    return totals
