"""Servers that are measured in turns: one is under load while the others are idle."""

import statistics
import time

from clients.wrk import per_second, wrk
from servers import processes

PATH = "/api/hello?name=Ada"
PAUSE = 0.5  # seconds before each turn
COLUMNS = ["server", "round", "requests/s", "p50 ms", "p99 ms", "non-2xx", "socket errors", "front us/request", "PHP us/request"]
ERRORS = ("non-2xx", "socket errors")


def in_turns(running, rounds, takes_part=lambda number, server: True):
    """(round, server), as A B, B A, A B, ...: neither has always the better place on a machine that changes its speed."""
    for number in range(rounds):
        for server in [s for s in (running if number % 2 == 0 else reversed(running)) if takes_part(number, s)]:
            time.sleep(PAUSE)
            yield number, server


def measure(server, connections, seconds):
    """One turn of one server, by the names of COLUMNS."""
    front, php = server.front(), server.php()
    before = processes.cpu(front), processes.cpu(php)
    seen = wrk(server.port, PATH, connections, seconds)
    used = processes.cpu(front) - before[0], processes.cpu(php) - before[1]
    requests = max(1, seen["requests"])
    return {
        "requests/s": per_second(seen),
        "p50 ms": seen["p50"] / 1e3,
        "p99 ms": seen["p99"] / 1e3,
        "non-2xx": seen["not_ok"],
        "socket errors": seen["socket_errors"],
        "front us/request": 1e6 * used[0] / requests,
        "PHP us/request": 1e6 * used[1] / requests,
    }


def errors(values):
    return sum(values[column] for column in ERRORS)


def summary(rounds):
    """The median of every column, but the sum of the errors."""
    return {c: (sum if c in ERRORS else statistics.median)(r[c] for r in rounds) for c in rounds[0]}


def head(columns):
    return "| " + " | ".join(columns) + " |\n| --- | ---: |" + " ---: |" * (len(columns) - 2)


def row(server, label, values):
    cells = [f"{v:.0f}" if isinstance(v, int) or v >= 1000 else f"{v:.2f}" for v in values.values()]
    return "| " + " | ".join([server, str(label), *cells]) + " |"


def differences(running):
    """The PHP settings in which two servers differ, as lines; a difference may decide the comparison."""
    if len(running) < 2:
        return []
    a, b = (s.settings() for s in running)
    return [f"PHP setting `{key}`: {running[0].name} `{a.get(key)}`, {running[1].name} `{b.get(key)}`"
            for key in sorted(a.keys() | b.keys()) if a.get(key) != b.get(key)]
