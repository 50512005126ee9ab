"""How long the threads that serve requests wait for a core at half the load, and behind whom. See src/bench/README.md."""

import argparse
import collections
import contextlib
import os
import pathlib
import statistics
import sys

from clients.generator import Generator
from clients.wrk import warm
from reports import report
from scenarios import turns
from servers import autogroup, processes
from servers.options import options, scratch
from servers.peers import Nginx
from servers.relais import Relais
from servers.sched import Recording

TARGET = "/api/hello"
LONG = 0.001  # seconds: shorter waits are what a core that is shared costs
EVENT_LOOP = "vert.x-eventloop-thread"[:15]  # what the kernel keeps of the name
SHOWN = 6  # names behind whom the waits were
COLUMNS = ["p50 ms", "p99 ms", "over 2 ms %", "waits over 1 ms, per s", "ms waited in them, per s"]


class Addressed:
    """Where the generator finds a server."""

    def client(self):
        return ["--address", self.address, "--port", self.port]


class Peer(Addressed, Nginx):
    pass


class Now(Addressed, Relais):
    pass


class Before(Addressed, Relais):
    """Another build, beside this one."""

    name = "relais-before"

    @property
    def jar(self):
        return self.args.baseline / "quarkus-run.jar"


def serving(server):
    """The threads of a server that have to run for a request to be answered: its event loops, or nginx' workers."""
    if isinstance(server, Nginx):
        return [p.pid for p in processes.descendants(server.gateway.pid)]
    tasks = pathlib.Path(f"/proc/{server.gateway.pid}/task")
    return [int(task.name) for task in tasks.iterdir() if (task / "comm").read_text().startswith(EVENT_LOOP)]


def measure(server, load, args, behind):
    """One turn; adds to `behind` who ran during the long waits, in seconds."""
    with Recording(serving(server)) as recording:
        seen = load.run(server, TARGET, args.connections, args.seconds, rate=args.rate)
    long = [wait for wait in recording.waits() if wait.seconds >= LONG]
    for wait in long:
        for name, seconds in wait.behind.items():
            behind[name] += seconds
    return dict(zip(COLUMNS, [seen["p50"] / 1e3, seen["p99"] / 1e3, 100 * seen["slow"], len(long) / args.seconds,
                              1e3 * sum(wait.seconds for wait in long) / args.seconds]))


def who(behind):
    total = sum(behind.values())
    return ", ".join(f"{name} {100 * seconds / total:.0f} %" for name, seconds in behind.most_common(SHOWN)) if total else "nobody"


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/tail", description=__doc__)
    options(parser)
    parser.set_defaults(connections=256)
    parser.add_argument("--rate", type=int, default=5000, help="requests per second (default 5000)")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seconds", type=int, default=6, help="of load for each server and round")
    parser.add_argument("--warmup", type=int, default=60, help="seconds of load on each server before the rounds, in bursts")
    parser.add_argument("--baseline", type=pathlib.Path, metavar="DIR", help="quarkus-app of another build, which is measured, too")
    parser.add_argument("--name", default="tail", help="of the table in src/bench/results")
    return parser.parse_args()


def main():
    args = arguments()
    if os.geteuid():
        sys.exit("root only: the kernel's record of who ran when is not for others")
    directory = scratch()
    tell = report.Report()
    kinds = [Peer, Now] + ([Before] if args.baseline else [])
    results, behind = collections.defaultdict(list), collections.defaultdict(collections.Counter)
    with contextlib.ExitStack() as stack:
        grouped = stack.enter_context(autogroup.off(directory))
        running = [stack.enter_context(kind(args, directory)) for kind in kinds]
        load = Generator(directory)
        for server in running:
            warm(server.port, TARGET, 64, args.warmup)
        for _, server in turns.in_turns(running, args.rounds):
            results[server.name].append(measure(server, load, args, behind[server.name]))
    tell("# Waits for a core, of the threads that serve requests\n")
    for line in [report.machine(args), report.command(), f"{args.rate} requests/s, due at even distances, on {args.connections} connections;"
                 f" {args.rounds} rounds of {args.seconds} s in turns; the kernel's autogroup: {grouped}"]:
        tell(f"- {line}")
    tell("\nMedians of the rounds; the last column says who ran during the waits of 1 ms and more, on the core that was waited for.\n")
    tell("| server | " + " | ".join(COLUMNS) + " | behind whom |\n| --- |" + " ---: |" * len(COLUMNS) + " --- |")
    for name, rounds in results.items():
        cells = [f"{statistics.median(row[column] for row in rounds):.2f}" for column in COLUMNS]
        tell("| " + " | ".join([name, *cells, who(behind[name])]) + " |")
    tell.write(args.name)


if __name__ == "__main__":
    main()
