"""Servers that are measured in turns on one path, which need not lead to PHP, such as that of a file."""

import statistics

from clients.wrk import per_second, warm, wrk
from scenarios import turns
from servers import processes

COLUMNS = ["requests/s", "p50 ms", "p99 ms", "front us/request", "errors"]


def measure(server, path, headers, args):
    """One turn of one server, by the names of COLUMNS."""
    front = server.front()
    before = processes.cpu(front)
    seen = wrk(server.port, path, args.connections, args.seconds, headers=headers)
    used = processes.cpu(front) - before
    return dict(zip(COLUMNS, [per_second(seen), seen["p50"] / 1e3, seen["p99"] / 1e3, 1e6 * used / max(1, seen["requests"]),
                              seen["not_ok"] + seen["socket_errors"]]))


def medians(running, path, headers, args, warmup):
    """The medians of the rounds of each server, by its name, after so many seconds of load on each."""
    for server in running:
        warm(server.port, path, args.connections, warmup, headers=headers)
    seen = {server.name: [] for server in running}
    for _, server in turns.in_turns(running, args.rounds):
        seen[server.name].append(measure(server, path, headers, args))
    return {name: {c: statistics.median(row[c] for row in rows) for c in COLUMNS} for name, rows in seen.items()}


def cells(values):
    """The medians of one server, as a table has them."""
    return [f"{v:,.0f}" if v >= 100 or not v else f"{v:.2f}" for v in values.values()]
