"""A script that stands at a breakpoint for minutes, while another client asks at a steady rate. See src/bench/README.md."""

import argparse
import contextlib
import glob
import hashlib
import hmac
import statistics
import sys
import threading
import time
import urllib.request

from clients.debugger import Debugger
from clients.generator import Generator
from clients.wrk import warm
from reports import report
from scenarios import turns
from scenarios.contest.workloads import LOST
from servers import autogroup
from servers.options import options, scratch
from servers.relais import Relais

KEY = "a secret of this run"
STOPPED = "/api/compute"
LINE = 6  # of compute.php: where its answer is known
LIMIT = 2  # seconds that an ordinary run may take
OTHERS = "/api/hello"
COLUMNS = ["p50 ms", "p99 ms", "p99.9 ms", "over 2 ms %", "not 200"]
PLACES = ("/usr/lib/php/*/xdebug.so", "/tmp/relais-test-xdebug-*/usr/lib/php/*/xdebug.so")  # where .ci/setup test puts it


def xdebug():
    found = [path for place in PLACES for path in sorted(glob.glob(place))]
    return found[-1] if found else sys.exit("xdebug.so is missing: .ci/setup test")


class Debugged(Relais):
    name = "relais"

    def __init__(self, args, directory, port):
        super().__init__(args, directory)
        self.debugger_port = port

    def client(self):
        return ["--address", self.address, "--port", self.port]

    def config(self):
        return super().config() | {"relais.debug.key": KEY, "relais.debug.extension": xdebug(), "relais.debug.client-port": self.debugger_port,
                                   "relais.functions.timeout": f"{LIMIT}s"}


def signed(target):
    when = f"{int(time.time())}.step"
    return f"{when}.{hmac.new(KEY.encode(), f'GET{chr(10)}{target}{chr(10)}{when}'.encode(), hashlib.sha256).hexdigest()}"


class Stopped:
    """A request that stands at a breakpoint, while this is entered. Its status is `status` afterwards."""

    def __init__(self, server, debugger):
        self.server, self.debugger, self.status = server, debugger, None

    def __enter__(self):
        self.begin = time.monotonic()
        self.asking = threading.Thread(target=self.ask, daemon=True)
        self.asking.start()
        self.debugger.stop_at(self.debugger.attach(), LINE)
        return self

    def __exit__(self, *_):
        self.seconds = time.monotonic() - self.begin
        self.debugger.go_on()
        self.asking.join(30)

    def ask(self):
        request = urllib.request.Request(f"http://{self.server.address}:{self.server.port}{STOPPED}", headers={"X-Relais-Debug": signed(STOPPED)})
        with urllib.request.urlopen(request, timeout=900) as answer:
            self.status = answer.status


def steady(server, load, args):
    seen = load.run(server, OTHERS, args.connections, args.seconds, rate=args.rate)
    return dict(zip(COLUMNS, [seen["p50"] / 1e3, seen["p99"] / 1e3, seen["p999"] / 1e3, 100 * seen["slow"], seen["not_ok"] + sum(seen.get(kind, 0) for kind in LOST)]))


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/breakpoint", description=__doc__)
    options(parser)
    parser.add_argument("--hold", type=int, default=120, help="seconds at the breakpoint (default 120)")
    parser.add_argument("--seconds", type=int, default=10, help="of load for each figure (default 10)")
    parser.add_argument("--warmup", type=int, default=24, help="seconds of load before")
    parser.add_argument("--rate", type=int, default=3000, help="requests per second of the other client (default 3000)")
    parser.add_argument("--name", default="breakpoint", help="of the table in src/bench/results")
    return parser.parse_args()


def main():
    args = arguments()
    directory = scratch()
    rounds = -(-args.hold // args.seconds)
    with contextlib.ExitStack() as stack:
        grouped = stack.enter_context(autogroup.off(directory))
        debugger = stack.enter_context(Debugger())
        server = stack.enter_context(Debugged(args, directory, debugger.port))
        load = Generator(directory)
        warm(server.port, turns.PATH, args.connections, args.warmup)
        before = [steady(server, load, args) for _ in range(rounds // 2)]
        with Stopped(server, debugger) as stopped:
            while_stopped = [steady(server, load, args) for _ in range(rounds)]
        after = [steady(server, load, args) for _ in range(rounds // 2)]
    without = before + after
    tell = report.Report()
    tell("# A script at a breakpoint, and the others\n")
    for line in [report.machine(args), report.command(), f"{args.rate:,} requests/s of `hello` by {args.connections} connections, medians of {args.seconds} s each;"
                 f" the kernel's autogroup: {grouped}",
                 f"the script stood for {stopped.seconds:.0f} s, with a time limit of {LIMIT} s for other runs, and then answered {stopped.status}"]:
        tell(f"- {line}")
    tell("\n| | " + " | ".join(COLUMNS) + " |\n| --- |" + " ---: |" * len(COLUMNS))
    medians = {}
    for name, rows in (("no script stands", without), ("one stands", while_stopped)):
        medians[name] = [statistics.median(row[column] for row in rows) for column in COLUMNS[:-1]] + [sum(row[COLUMNS[-1]] for row in rows)]
        tell(f"| {name} | " + " | ".join(f"{value:.2f}" for value in medians[name][:-1]) + f" | {medians[name][-1]} |")
    between = [[row["p99 ms"] for row in rows] for rows in (before, after)]
    tell(f"\np99 before {statistics.median(between[0]):.2f} ms, meanwhile {medians['one stands'][1]:.2f} ms, after {statistics.median(between[1]):.2f} ms.")
    tell.write(args.name)
    if stopped.status != 200:
        sys.exit("the script did not answer")


if __name__ == "__main__":
    main()
