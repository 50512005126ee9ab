"""Two builds of Relais in turns: whether this one costs more than the one before. See src/bench/README.md."""

import argparse
import contextlib
import pathlib
import statistics
import sys
import time
from typing import NamedTuple

from clients.wrk import warm, wrk
from reports import report
from scenarios import turns
from servers import relais
from servers.allocations import EVENT_LOOP, Recording
from servers.options import options, scratch

ALLOCATED, ALLOCATED_BY_ALL = "bytes/request", "bytes/request, all threads"
WARM_REQUESTS = 100_000  # that each build has served before the rounds: its compilers count runs, not seconds
WARM_BURSTS = 6  # seconds of load between two looks at that
WARM_MOST = 6  # times --warmup, after which a machine is too busy for so many


class Build(relais.Relais):
    """`name` is the build's: both are up at the same time."""

    def __init__(self, name, jar, args, directory):
        self.name, self.built = name, jar
        super().__init__(args, directory)

    @property
    def jar(self):
        return self.built


class Wanted(NamedTuple):
    """What the build of now may be in relation to the one before: at least or at most so much."""

    column: str
    words: str
    relate: object  # (before, now) -> a number
    least: float
    most: float

    def good(self, value):
        return self.least <= value <= self.most

    def limit(self):
        return f"at least {self.least:g}" if self.most == float("inf") else f"at most {self.most:g}"


def ratio(before, now):
    return now / before if before else float("nan")


WANTED = [
    Wanted("requests/s", "times the requests/s", ratio, 0.95, float("inf")),
    Wanted("p99 ms", "times the p99", ratio, 0, 1.1),
    Wanted("front us/request", "times the gateway's CPU per request", ratio, 0, 1.03),
]
WANTED_ALLOCATED = Wanted(ALLOCATED, "bytes more per request, allocated by the event loops", lambda before, now: now - before, float("-inf"), 256)


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/guard", description=__doc__)
    options(parser)
    parser.add_argument("--baseline", type=pathlib.Path, required=True, metavar="DIR", help="quarkus-app of the build before")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--duration", type=int, default=10, help="seconds of load per build and round")
    parser.add_argument("--warmup", type=int, default=42, help="seconds of load on each build before the rounds, in bursts")
    parser.add_argument("--name", default="guard", help="of the table in src/bench/results")
    return parser.parse_args()


def warm_up(server, args):
    """For so many seconds, and until so many requests have been served."""
    begin, served = time.monotonic(), 0
    while (elapsed := time.monotonic() - begin) < args.warmup or served < WARM_REQUESTS and elapsed < WARM_MOST * args.warmup:
        served += warm(server.port, turns.PATH, args.connections, WARM_BURSTS)
    return served


def measure(server, args):
    """One turn. The allocations are counted in a run of their own, behind the one that is timed."""
    seen = turns.measure(server, args.connections, args.duration)
    with Recording(server) as recording:
        requests = wrk(server.port, turns.PATH, args.connections, args.duration)["requests"]
    requests = max(1, requests)
    return seen | {ALLOCATED: recording.total(EVENT_LOOP) / requests, ALLOCATED_BY_ALL: recording.total() / requests}


def verdict(wanted, before, now):
    """(a line, whether the build of now is as wanted): by the median of the rounds' relations, as a machine changes its speed meanwhile."""
    each = [wanted.relate(b[wanted.column], n[wanted.column]) for b, n in zip(before, now)]
    median = statistics.median(each)
    rounds = ", ".join(f"{value:.0f}" if wanted is WANTED_ALLOCATED else f"{value:.2f}" for value in each)
    shown = f"{median:.0f}" if wanted is WANTED_ALLOCATED else f"{median:.3f}"
    good = wanted.good(median)
    return f"* **{shown}** {wanted.words} ({wanted.limit()} wanted; rounds: {rounds}): **{'PASS' if good else 'FAIL'}**", good


def main():
    args = arguments()
    directory = scratch()
    builds = [("before", args.baseline / "quarkus-run.jar"), ("now", args.jar)]
    tell = report.Report()
    results = {name: [] for name, _ in builds}
    with contextlib.ExitStack() as stack:
        running = [stack.enter_context(Build(name, jar, args, directory)) for name, jar in builds]
        tell("# Two builds of Relais in turns\n")
        for line in [report.machine(args, ("wrk", "-v")), report.command(),
                     f"{args.connections} connections, {args.workers} workers of {args.children // args.workers} children",
                     *turns.differences(running)]:
            tell(f"- {line}")
        tell()
        served = {server.name: warm_up(server, args) for server in running}
        tell("Requests before the first round: " + ", ".join(f"{name} {count:,}" for name, count in served.items())
             + f" ({WARM_REQUESTS:,} wanted; with less the JVM's compilers are not done).\n")
        tell(turns.head([*turns.COLUMNS, ALLOCATED, ALLOCATED_BY_ALL]))
        for _, server in turns.in_turns(running, 1):
            measure(server, args)  # does not count: the first recording makes the compilers work again
        for number, server in turns.in_turns(running, args.rounds):
            results[server.name].append(measure(server, args))
            tell(turns.row(server.name, number + 1, results[server.name][-1]))
    medians = {name: turns.summary(seen) for name, seen in results.items()}
    for name, values in medians.items():
        tell(turns.row(f"**{name}**", "median", values))
    lines, goods = zip(*(verdict(wanted, results["before"], results["now"]) for wanted in [*WANTED, WANTED_ALLOCATED]))
    failed = turns.errors(medians["now"])
    good = all(goods) and not failed
    tell("\nNow against before, medians of the rounds' ratios:\n\n" + "\n".join(lines))
    tell(f"* {failed} errors (0 wanted): **{'FAIL' if failed else 'PASS'}**\n\n**{'PASS' if good else 'FAIL'}**")
    tell.write(args.name)
    sys.exit(not good)


if __name__ == "__main__":
    main()
