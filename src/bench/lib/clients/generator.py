"""Load from a small program in C (folder load), which is compiled for each run; and h2load, to hold the two against each other."""

import json
import pathlib
import re
import subprocess
import sys

from clients.latencies import percentile
from clients.priority import AHEAD

SOURCES = pathlib.Path(__file__).with_name("load")
FLAGS = ["-O2", "-Wall", "-Wextra", "-std=c11"]
MORE_SECONDS = 60  # that a client may take beyond its time


def compiled(directory, program="load", sources=("load.c", "loop.c", "answer.c", "request.c")):
    """The compiled program, in that directory."""
    target = directory / program
    run = subprocess.run(["gcc", *FLAGS, "-o", target, *(SOURCES / name for name in sources)], capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"gcc: {run.stderr}")
    return target


class Generator:
    """`within`: words before its command line, to run it in another network namespace."""

    def __init__(self, directory, within=()):
        self.program, self.within = compiled(directory), list(within)

    def run(self, server, target, connections, seconds, **options):
        """One run against a server; what it says (see load.c). An option that is True has no value."""
        words = [word for name, value in options.items() if value for word in (f"--{name}", *([] if value is True else [value]))]
        command = [*self.within, *AHEAD, self.program, *server.client(), "--target", target, "--connections", connections, "--seconds", seconds,
                   *words]
        run = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=seconds + MORE_SECONDS)
        if run.returncode:
            raise RuntimeError(f"load failed ({run.returncode}): {run.stdout}{run.stderr}")
        return json.loads(run.stdout)


def h2load(server, target, connections, seconds, rate, directory, within=()):
    """The same rate from h2load over HTTP/1.1. Its latencies count from when a request was sent, and are in whole microseconds. Each of its
    connections asks at even distances from its own start, so they are started one after the other: else all ask at once."""
    log = directory / "h2load.log"
    log.unlink(missing_ok=True)
    command = [*within, *AHEAD, "h2load", "--h1", f"-c{connections}", "-r1", "--rate-period=4ms", f"-n{rate * seconds}", f"--rps={rate / connections}", f"--log-file={log}",
               f"http://{server.address}:{server.port}{target}"]
    run = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=seconds + MORE_SECONDS)
    if run.returncode:
        raise RuntimeError(f"h2load failed ({run.returncode}): {run.stdout}{run.stderr}")
    answers = [line.split() for line in log.read_text().splitlines()]
    took = [int(micros) for _, status, micros in answers if status == "200"]
    failed = sum(int(n) for n in re.findall(r"(\d+) (?:failed|errored|timeout)", run.stdout))
    return {"requests": len(took), "micros": 1e6 * seconds, "not_ok": len(answers) - len(took), "errors": failed,
            "p50": percentile(took, 0.5), "p99": percentile(took, 0.99), "p999": percentile(took, 0.999),
            "slow": sum(micros > 2000 for micros in took) / max(1, len(took))}
