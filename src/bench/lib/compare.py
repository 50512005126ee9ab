"""Relais against nginx + PHP-FPM, in turns, in one run: see src/bench/README.md."""

import argparse
import contextlib
import statistics
import sys
import time

import load
import procs
import report
import servers

REQUIRED_RATIO = 1.1
PATH = "/api/hello?name=Ada"
COLUMNS = ["server", "round", "requests/s", "p50 ms", "p99 ms", "non-2xx", "socket errors", "front us/request",
           "PHP us/request"]


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/compare", description=__doc__)
    servers.options(parser)
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


def measure(server, args):
    """One turn: the load on one server, while the other one is idle."""
    front, php = server.front(), server.php()
    before = procs.cpu(front), procs.cpu(php)
    seen = load.wrk(server.port, PATH, args.connections, args.duration)
    used = procs.cpu(front) - before[0], procs.cpu(php) - before[1]
    requests = max(1, seen["requests"])
    return {
        "requests/s": 1e6 * seen["requests"] / seen["micros"],
        "p50 ms": seen["p50"] / 1e3,
        "p99 ms": seen["p99"] / 1e3,
        "non-2xx": seen["not_ok"],
        "socket errors": seen["socket_errors"],
        "front us/request": 1e6 * used[0] / requests,
        "PHP us/request": 1e6 * used[1] / requests,
    }


def summary(rounds):
    """The median of every column, but the sum of the errors."""
    total = {"non-2xx", "socket errors"}
    return {c: (sum if c in total else statistics.median)(r[c] for r in rounds) for c in rounds[0]}


def row(server, label, values):
    cells = [f"{v:.0f}" if isinstance(v, int) or v >= 1000 else f"{v:.2f}" for v in values.values()]
    return "| " + " | ".join([server, str(label), *cells]) + " |"


def differences(running):
    """The PHP settings in which the two differ, as lines; a difference may decide the comparison."""
    if len(running) < 2:
        return []
    a, b = (s.settings() for s in running)
    return [f"PHP setting `{key}`: {running[0].name} `{a.get(key)}`, {running[1].name} `{b.get(key)}`"
            for key in sorted(a.keys() | b.keys()) if a.get(key) != b.get(key)]


def main():
    args = arguments()
    scratch = servers.scratch()
    kinds = [k for k in (servers.Nginx, servers.Relais) if args.only in (None, k.name)]
    tell = report.Report()
    with contextlib.ExitStack() as stack:
        running = [stack.enter_context(kind(args, scratch)) for kind in kinds]
        tell("# Relais and nginx in turns\n")
        for line in [
                report.machine(args, ("wrk", "-v")),
                report.command(),
                f"{args.connections} connections; nginx: {args.children} children in one pool; Relais: {args.workers} workers of"
                f" {args.children // args.workers} children",
                *differences(running)]:
            tell(f"- {line}")
        tell()
        for server in running:
            load.warm(server.port, PATH, args.connections, args.warmup)
        tell("| " + " | ".join(COLUMNS) + " |")
        tell("| --- | ---: |" + " ---: |" * (len(COLUMNS) - 2))
        results = {server.name: [] for server in running}
        for number in range(args.rounds):  # A B, B A, A B, ...: neither is always the first
            for server in running if number % 2 == 0 else reversed(running):
                time.sleep(0.5)
                results[server.name].append(measure(server, args))
                tell(row(server.name, number + 1, results[server.name][-1]))

    medians = {name: summary(rounds) for name, rounds in results.items()}
    for name, values in medians.items():
        tell(row(f"**{name}**", "median", values))
    failed = False
    if not args.only:
        nginx, relais = medians["nginx"], medians["relais"]
        ratio = relais["requests/s"] / nginx["requests/s"]
        each = ", ".join(f"{r['requests/s'] / n['requests/s']:.2f}" for n, r in zip(*results.values()))
        failed = (ratio < REQUIRED_RATIO or relais["p99 ms"] > nginx["p99 ms"]
                  or relais["non-2xx"] + relais["socket errors"] > 0)
        tell(f"\nRelais / nginx: **{ratio:.3f}** times the requests/s (rounds: {each}; at least {REQUIRED_RATIO} wanted),"
             f" {relais['p99 ms'] / nginx['p99 ms']:.2f} times the p99 (at most 1 wanted), no error wanted: "
             f"**{'FAIL' if failed else 'PASS'}**")
    tell.write(args.name)
    sys.exit(args.required and failed)


if __name__ == "__main__":
    main()
