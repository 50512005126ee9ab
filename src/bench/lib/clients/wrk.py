"""wrk: as much load as a server takes from a number of connections."""

import json
import pathlib
import subprocess

from clients.blocking import LOOPBACK
from clients.priority import AHEAD

BURST = 3  # seconds
FEW = 16  # times less connections in the other bursts
MORE_SECONDS = 60  # that wrk may take beyond its time


def wrk(port, path, connections, seconds, address=LOOPBACK, within=(), headers={}, hosts=()):
    """One run of wrk; its numbers as a dictionary, see wrk.lua. `within`: words before its command line; `headers`: fields of each request; `hosts`:
    how many hosts and how many files on all of them the requests are for, see hosts.lua."""
    script = pathlib.Path(__file__).with_name("hosts.lua" if hosts else "wrk.lua")
    fields = [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
    command = [*within, *AHEAD, "wrk", "-t2", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(script), *fields, f"http://{address}:{port}{path}",
               *(["--", *map(str, hosts)] if hosts else [])]
    run = subprocess.run(command, capture_output=True, text=True, timeout=seconds + MORE_SECONDS)
    lines = [line for line in run.stdout.splitlines() if line.startswith("{")]
    if run.returncode or len(lines) != 1:
        raise RuntimeError(f"wrk failed ({run.returncode}): {run.stdout}{run.stderr}")
    return json.loads(lines[0])


def per_second(seen):
    """The requests/s of a run of wrk."""
    return 1e6 * seen["requests"] / seen["micros"]


def warm(port, path, connections, seconds, address=LOOPBACK, within=(), headers={}):
    """Load in bursts, in turns from all connections and from few. Gives the number of requests.

    One long run would leave a JVM that was compiled for a queue that is never empty and a client that never ends: the first end throws
    that code away, and the measurement after it would be of the compiler (one 45 s run: 804 methods compiled again at its end).
    """
    return sum(wrk(port, path, connections if burst % 2 == 0 else max(2, connections // FEW), BURST, address, within, headers)["requests"]
               for burst in range(max(1, round(seconds / BURST))))
