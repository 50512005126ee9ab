"""The adaptive limit against none, in turns, for runs that compute and runs that wait: see src/bench/README.md."""

import argparse
import contextlib
import statistics
import threading

from clients.wrk import per_second, warm, wrk
from reports import report
from scenarios.turns import in_turns
from servers.options import options, scratch
from servers.relais import Relais

FUNCTIONS = {"computes": "/api/compute", "waits": "/api/wait"}
ALONE = 6  # seconds with two connections: how fast the function is when nothing stands in its way
ALL = 12  # seconds with all connections: for the compilers, and the limit


class Fixed(Relais):
    name = label = "fixed"


class Adaptive(Relais):
    name = label = "adaptive"

    def config(self):
        return {"relais.queue.adaptive-limit": "true"}


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/adaptive", description=__doc__)
    options(parser)
    parser.set_defaults(children=32)
    parser.add_argument("--seconds", type=int, default=6, help="of each measurement (default 6)")
    parser.add_argument("--rounds", type=int, default=3, help="fixed and adaptive in turns (default 3)")
    parser.add_argument("--only", default="", metavar="TEXT", help="functions whose name holds it; writes no result")
    return parser.parse_args()


def measure(server, path, args):
    busy = []
    look = threading.Timer(args.seconds / 2, lambda: busy.append(server.metric("relais_worker_children_busy")))
    look.start()
    seen = wrk(server.port, path, args.connections, args.seconds)
    look.join()
    return (busy[0], per_second(seen), seen["p50"] / 1000, seen["p99"] / 1000,
            seen["not_ok"] + seen["socket_errors"])


def compare(what, running, args, tell):
    path = FUNCTIONS[what]
    for server in running:
        wrk(server.port, path, 2, ALONE)
        warm(server.port, path, args.connections, ALL)
    rounds = {server.label: [] for server in running}
    for _, server in in_turns(running, args.rounds):
        rounds[server.label].append(measure(server, path, args))
    for label, seen in rounds.items():
        limit, rate, p50, p99, errors = map(statistics.median, zip(*seen))
        tell(f"| {what} | {label} | {limit:.0f} | {rate:,.0f} | {p50:,.1f} | {p99:,.1f} | {errors:.0f} |")
    fixed, adaptive = rounds.values()
    return ", ".join(f"{a[1] / f[1]:.2f}" for f, a in zip(fixed, adaptive))


def main():
    args = arguments()
    directory = scratch()
    tell = report.Report()
    tell("# Adaptive limit\n\n"
         f"{report.command()}, {report.machine(args)}. {args.children} PHP children in all, {args.workers} workers;"
         f" `wrk` with {args.connections} connections for {args.seconds} s on one gateway with the fixed and one with the adaptive limit, in"
         f" turns, after {ALONE} s with two connections and {ALL} s with all. Medians of {args.rounds} rounds. Latencies (ms) are from the client,"
         " the wait in the queue included.\n")
    tell("| the function | limit | children busy | requests/s | p50 | p99 | errors |")
    tell("| --- | --- |" + " ---: |" * 5)
    with contextlib.ExitStack() as stack:
        running = [stack.enter_context(kind(args, directory)) for kind in (Fixed, Adaptive)]
        ratios = {what: compare(what, running, args, tell) for what in FUNCTIONS if args.only in what}
    tell("\nadaptive / fixed, requests/s in each round: " + "; ".join(f"{what}: {each}" for what, each in ratios.items()))
    if not args.only:
        tell.write("adaptive")


if __name__ == "__main__":
    main()
