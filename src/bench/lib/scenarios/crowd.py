"""Far more clients than children, nginx and Relais in turns: see src/bench/README.md."""

import argparse
import contextlib
import pathlib
import statistics
import sys
import threading
from typing import NamedTuple

from clients.wrk import per_second, warm, wrk
from reports import report
from scenarios.guard import Build
from scenarios.turns import in_turns
from servers import peers
from servers.options import options, scratch

COLUMNS = ("requests/s", "p50", "p99", "max", "not 2xx", "socket errors")


class Load(NamedTuple):
    """Connections that ask for a function in a closed loop, and others that ask for another one meanwhile."""

    words: str
    path: str
    connections: int
    beside: str = ""  # what `BESIDE` other connections ask for
    most: float = 1.0  # times the p99 of nginx


BESIDE = 32
LOADS = (
    Load("1,000 connections, `hello`", "/api/hello", 1000),
    Load("4,000 connections, `hello`", "/api/hello", 4000),
    Load("64 connections, 5 ms of processor time", "/api/burn", 64, most=0.8),
    Load("64 connections, 5 ms of waiting", "/api/pause", 64),
    Load("64 connections, 5 ms of waiting, beside 32 that compute", "/api/pause", 64, "/api/burn"),
)


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/crowd", description=__doc__)
    options(parser)
    parser.add_argument("--baseline", type=pathlib.Path, metavar="DIR", help="a build before, as its target/quarkus-app")
    parser.add_argument("--seconds", type=int, default=6, help="of each measurement (default 6)")
    parser.add_argument("--warmup", type=int, default=24, help="seconds of load before (default 24)")
    parser.add_argument("--rounds", type=int, default=3, help="in turns (default 3)")
    parser.add_argument("--only", default="", metavar="TEXT", help="loads whose words hold it; writes no result")
    parser.add_argument("--assert", dest="wanted", action="store_true", help="fail unless Relais is as wanted")
    return parser.parse_args()


def measure(server, load, seconds):
    with contextlib.ExitStack() as stack:
        if load.beside:
            other = threading.Thread(target=wrk, args=(server.port, load.beside, BESIDE, seconds + 2))
            other.start()
            stack.callback(other.join)
            wrk(server.port, load.path, load.connections, 1)
        seen = wrk(server.port, load.path, load.connections, seconds)
    return (per_second(seen), seen["p50"] / 1e3, seen["p99"] / 1e3, seen["max"] / 1e3, seen["not_ok"], seen["socket_errors"])


def compare(load, running, args, tell):
    """Whether Relais, the last of them, is as wanted."""
    rounds = {server.label: [] for server in running}
    for _, server in in_turns(running, args.rounds):
        rounds[server.label].append(measure(server, load, args.seconds))
    medians = {}
    for label, seen in rounds.items():
        columns = list(zip(*seen))
        medians[label] = [statistics.median(column) for column in columns[:3]] + [max(columns[3])] + [sum(column) for column in columns[4:]]
        rate, p50, p99, most, not_ok, errors = medians[label]
        tell(f"| {load.words} | {label} | {rate:,.0f} | {p50:,.1f} | {p99:,.1f} | {most:,.0f} | {not_ok:,} | {errors:,} |")
    first, last = medians[running[0].label], medians[running[-1].label]
    return last[4] == last[5] == 0 and last[2] <= load.most * first[2]


def main():
    args = arguments()
    directory = scratch()
    tell, good = report.Report(), True
    tell("# A crowd\n\n"
         f"{report.command()}, {report.machine(args)}. {args.children} PHP children in all, Relais: {args.workers} workers. `wrk` for"
         f" {args.seconds} s in a closed loop, in turns, after {args.warmup} s of load. Medians of {args.rounds} rounds, the largest `max`, the"
         " sums of errors. Latencies (ms) are from the client, the wait in the queue included.\n")
    tell("| load | server | " + " | ".join(COLUMNS) + " |")
    tell("| --- | --- |" + " ---: |" * len(COLUMNS))
    with contextlib.ExitStack() as stack:
        running = [stack.enter_context(peers.Nginx(args, directory))]
        running[0].label = "nginx"
        if args.baseline:
            running.append(stack.enter_context(Build("before", args.baseline / "quarkus-run.jar", args, directory)))
            running[-1].label = "Relais before"
        running.append(stack.enter_context(Build("now", args.jar, args, directory)))
        running[-1].label = "Relais"
        for server in running:
            warm(server.port, "/api/hello", args.connections, args.warmup)
        for load in LOADS:
            if args.only in load.words:
                as_wanted = compare(load, running, args, tell)
                good = good and as_wanted
    tell(f"\nNo error, and a p99 of at most 0.8 (computing) or 1 times that of nginx: **{'PASS' if good else 'FAIL'}**")
    if not args.only:
        tell.write("crowd")
    sys.exit(args.wanted and not good)


if __name__ == "__main__":
    main()
