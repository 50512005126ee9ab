"""Relais against nginx + PHP-FPM, in turns, in one run: see src/bench/README.md."""

import argparse
import contextlib
import sys

from clients.wrk import warm
from reports import report
from scenarios import turns
from servers.options import options, scratch
from servers.peers import Nginx
from servers.relais import Relais

REQUIRED_RATIO = 1.1  # of nginx' requests/s


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/compare", description=__doc__)
    options(parser)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--duration", type=int, default=10, help="seconds of load per server and round")
    parser.add_argument("--warmup", type=int, default=42, help="seconds of load on each server before the rounds, in bursts")
    parser.add_argument("--only", choices=["nginx", "relais"])
    parser.add_argument("--name", default="compare", help="of the table in src/bench/results")
    parser.add_argument("--assert", dest="required", action="store_true",
                        help=f"fail below {REQUIRED_RATIO} times nginx' requests/s or above its p99")
    args = parser.parse_args()
    if args.required and args.only:
        parser.error("--assert compares: it needs both servers")
    return args


def rounds(running, args, tell):
    """What each server did in each round, by its name."""
    results = {server.name: [] for server in running}
    for number, server in turns.in_turns(running, args.rounds):
        results[server.name].append(turns.measure(server, args.connections, args.duration))
        tell(turns.row(server.name, number + 1, results[server.name][-1]))
    return results


def verdict(results, medians):
    """(a line, whether Relais is as wanted)"""
    nginx, relais = medians["nginx"], medians["relais"]
    ratio = relais["requests/s"] / nginx["requests/s"]
    each = ", ".join(f"{r['requests/s'] / n['requests/s']:.2f}" for n, r in zip(*results.values()))
    good = ratio >= REQUIRED_RATIO and relais["p99 ms"] <= nginx["p99 ms"] and not turns.errors(relais)
    return (f"Relais / nginx: **{ratio:.3f}** times the requests/s (rounds: {each}; at least {REQUIRED_RATIO} wanted),"
            f" {relais['p99 ms'] / nginx['p99 ms']:.2f} times the p99 (at most 1 wanted), no error wanted: **{'PASS' if good else 'FAIL'}**",
            good)


def main():
    args = arguments()
    directory = scratch()
    kinds = [k for k in (Nginx, Relais) if args.only in (None, k.name)]
    tell, good = report.Report(), True
    with contextlib.ExitStack() as stack:
        running = [stack.enter_context(kind(args, directory)) for kind in kinds]
        tell("# Relais and nginx in turns\n")
        for line in [
                report.machine(args, ("wrk", "-v")),
                report.command(),
                f"{args.connections} connections; nginx: {args.children} children in one pool; Relais: {args.workers} workers of"
                f" {args.children // args.workers} children",
                *turns.differences(running)]:
            tell(f"- {line}")
        tell()
        for server in running:
            warm(server.port, turns.PATH, args.connections, args.warmup)
        tell(turns.head(turns.COLUMNS))
        results = rounds(running, args, tell)

    medians = {name: turns.summary(seen) for name, seen in results.items()}
    for name, values in medians.items():
        tell(turns.row(f"**{name}**", "median", values))
    if not args.only:
        line, good = verdict(results, medians)
        tell(f"\n{line}")
    tell.write(args.name)
    sys.exit(args.required and not good)


if __name__ == "__main__":
    main()
