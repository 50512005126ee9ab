"""What it costs to see what a gateway does: everything on against everything off, and viewers of the console. See src/bench/README.md."""

import argparse
import contextlib
import statistics
import sys

from clients.generator import Generator
from clients.viewers import Viewers
from clients.wrk import warm
from reports import report
from scenarios import turns
from servers import autogroup
from servers.options import options, scratch
from servers.relais import Relais

TARGET = "/api/hello"
OFF = {"relais.console.requests": 0, "relais.access-log.format": "off"}
CLOSED = ["requests/s", "p50 ms", "p99 ms", "front us/request"]
OPEN = ["p50 ms", "p99 ms", "p99.9 ms", "over 2 ms %"]


class Seeing(Relais):
    """With some of what tells of requests. Each variant is a gateway of its own; all are of one package."""

    more = {}

    def client(self):
        return ["--address", self.address, "--port", self.port]

    def log(self):
        return {"relais.access-log.file": self.home / "access.log"}

    def config(self):
        return super().config() | OFF | self.more


class Off(Seeing):
    name = "off"


class Logged(Seeing):
    def config(self):
        return super().config() | self.log()


class Combined(Logged):
    name = "combined"
    more = {"relais.access-log.format": "combined"}


class Json(Logged):
    name = "json"
    more = {"relais.access-log.format": "json"}


class JsonToNothing(Seeing):
    """The same without the file: what making the lines costs."""

    name = "json-null"
    more = {"relais.access-log.format": "json", "relais.access-log.file": "/dev/null"}


class Requests(Seeing):
    """The last 10,000 requests can be looked up."""

    name = "requests"
    more = {"relais.console.requests": 10_000}


class Everything(Logged):
    name = "everything"
    more = {"relais.access-log.format": "json", "relais.console.requests": 10_000, "relais.http.server-timing": "true", "relais.slow.threshold": "1s"}

    def config(self):
        return super().config() | dict(pair.split("=", 1) for pair in self.args.traces)


KINDS = {kind.name: kind for kind in (Off, Combined, Json, JsonToNothing, Requests, Everything)}


def closed(running, args):
    """The rounds of each server under as much load as it takes."""
    seen = {server: [] for server in running}
    for _, server in turns.in_turns(running, args.rounds):
        seen[server].append(turns.measure(server, args.connections, args.seconds))
    return seen


def steady(server, load, args):
    seen = load.run(server, TARGET, args.connections, args.seconds, rate=args.rate)
    return dict(zip(OPEN, [seen["p50"] / 1e3, seen["p99"] / 1e3, seen["p999"] / 1e3, 100 * seen["slow"]]))


def offered(running, load, args, notes):
    """The rounds of each server, and of the first one with viewers, at a steady rate."""
    seen = {name: [] for name in (*(server.name for server in running), watched(args))}
    for number in range(args.rounds):
        order = [(server.name, server) for server in running] + [(watched(args), running[0])]
        for name, server in order if number % 2 == 0 else reversed(order):
            if name == watched(args):
                with Viewers(server.management, args.viewers) as viewers:
                    seen[name].append(steady(server, load, args))
                notes.append(viewers)
            else:
                seen[name].append(steady(server, load, args))
    return seen


def watched(args):
    return f"off, {args.viewers} viewers"


def table(tell, seen, columns, compared, names):
    """Medians, and the median of each round's ratio to the first one's round."""
    tell("| gateway | " + " | ".join(columns) + f" | {compared} of the first |\n| --- |" + " ---: |" * (len(columns) + 1))
    first = next(iter(seen.values()))
    for key, rows in seen.items():
        medians = [statistics.median(row[column] for row in rows) for column in columns]
        ratios = [row[compared] / other[compared] for row, other in zip(rows, first) if other[compared]]
        cells = [f"{value:,.0f}" if value >= 1000 else f"{value:.2f}" for value in medians]
        tell("| " + " | ".join([names(key), *cells, f"{statistics.median(ratios):.3f}"]) + " |")


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/seeing", description=__doc__)
    options(parser)
    parser.add_argument("--servers", default="off,combined,json,requests,everything", help=f"of {', '.join(KINDS)}; the first is what the others are compared with")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=4, help="of load for each gateway and round")
    parser.add_argument("--warmup", type=int, default=24, help="seconds of load on each gateway before the rounds, in bursts")
    parser.add_argument("--rate", type=int, default=3000, help="requests per second where they are at a steady rate; 0: none are (default 3000)")
    parser.add_argument("--viewers", type=int, default=50, help="of the console (default 50)")
    parser.add_argument("--traces", action="append", default=[], metavar="KEY=VALUE", help="a config key that turns traces on in `everything`")
    parser.add_argument("--name", default="seeing", help="of the table in src/bench/results")
    return parser.parse_args()


def main():
    args = arguments()
    names = args.servers.split(",")
    if unknown := set(names) - KINDS.keys():
        sys.exit(f"there is no {', '.join(unknown)}")
    directory = scratch()
    tell = report.Report()
    notes, steadily = [], None
    with contextlib.ExitStack() as stack:
        grouped = stack.enter_context(autogroup.off(directory))
        running = [stack.enter_context(KINDS[name](args, directory)) for name in names]
        for server in running:
            warm(server.port, turns.PATH, args.connections, args.warmup)
        full = closed(running, args)
        if args.rate:
            few = [server for server in running if server is running[0] or server.name == Everything.name]
            steadily = offered(few, Generator(directory), args, notes)
        dropped = {server.name: server.metric("relais_access_log_dropped_total") for server in running}
    tell("# What it costs to see\n")
    for line in [report.machine(args), report.command(), f"{args.rounds} rounds of {args.seconds} s in turns, {args.connections} connections, `hello`;"
                 f" the kernel's autogroup: {grouped}", f"lines of access logs that were dropped: {sum(dropped.values()):.0f}"]:
        tell(f"- {line}")
    tell("\n## As much as it takes\n")
    table(tell, full, CLOSED, "requests/s", lambda server: server.name)
    tell()
    table(tell, full, ["front us/request"], "front us/request", lambda server: server.name)
    if steadily:
        tell(f"\n## {args.rate:,} requests/s\n")
        table(tell, steadily, OPEN, "p99 ms", lambda name: name)
        tell(f"\nThe viewers got {sum(v.messages for v in notes):,} messages of {sum(v.bytes for v in notes) >> 20} MiB;"
             f" {sum(v.lost for v in notes)} were ended.")
    tell.write(args.name)


if __name__ == "__main__":
    main()
