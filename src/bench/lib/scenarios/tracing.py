"""What tracing costs, off and on: see src/bench/README.md."""

import argparse
import contextlib
import http.server
import pathlib
import statistics
import sys
import threading

from clients.wrk import warm
from reports import report
from scenarios import turns
from servers.options import options, scratch
from servers.relais import Relais

MOST = 0.05  # of the requests/s, that tracing may take
WITHOUT, WITH, BEFORE = "off", "on", "before"


class Receiver(http.server.BaseHTTPRequestHandler):
    """Takes spans and forgets them."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def receiver():
    """The address of one."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Off(Relais):
    name = WITHOUT


class Before(Relais):
    name = BEFORE

    @property
    def jar(self):
        return self.args.before


class On(Relais):
    name = WITH

    def config(self):
        return super().config() | {"relais.tracing.endpoint": self.args.receiver, "relais.tracing.ratio": self.args.ratio}

    def counted(self):
        return {what: self.metric(f"relais_tracing_spans_{what}_total") for what in ("sent", "dropped")}


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/tracing", description=__doc__)
    options(parser)
    parser.add_argument("--before", type=pathlib.Path, help="quarkus-run.jar of a build without tracing")
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--seconds", type=int, default=5, help="of each turn (default 5)")
    parser.add_argument("--warmup", type=int, default=20, help="seconds of load on each server before the rounds, in bursts")
    parser.add_argument("--ratio", type=float, default=0.01, help="of the requests that are traced (default 0.01)")
    return parser.parse_args()


def main():
    args = arguments()
    directory, tell = scratch(), report.Report()
    kinds = [Off, On] + ([Before] if args.before else [])
    with receiver() as args.receiver, contextlib.ExitStack() as started:
        running = [started.enter_context(kind(args, directory)) for kind in kinds]
        tell(f"# What tracing costs\n\n`src/bench/tracing`, {report.machine(args)}. `{turns.PATH}` from {args.connections} connections of wrk,"
             f" {args.children} children, {args.rounds} rounds of {args.seconds} s in turns; medians. `{WITH}`: {args.ratio:.0%} of the requests are"
             f" sampled and their spans sent to a receiver on the same machine" + (f"; `{BEFORE}`: the build before there was tracing." if args.before else ".") + "\n")
        for server in running:
            warm(server.port, turns.PATH, args.connections, args.warmup)
        seen = {server.name: [] for server in running}
        for _, server in turns.in_turns(running, args.rounds):
            seen[server.name].append(turns.measure(server, args.connections, args.seconds))
        counted = running[kinds.index(On)].counted()
    summed = {name: turns.summary(rounds) for name, rounds in seen.items()}
    tell(turns.head([c for c in turns.COLUMNS if c != "round"] + ["against off, each round"]))
    wrong = 0
    for name, values in summed.items():
        shares = [one["requests/s"] / off["requests/s"] for one, off in zip(seen[name], seen[WITHOUT])]
        tell(turns.row(name, "", values).replace(" |  |", " |", 1) + f" {statistics.median(shares):.3f} ({min(shares):.2f} to {max(shares):.2f}) |")
        wrong += turns.errors(values) > 0
    share = statistics.median(on["requests/s"] / off["requests/s"] for on, off in zip(seen[WITH], seen[WITHOUT]))
    wrong += share < 1 - MOST
    tell(f"\nSpans: {counted['sent']:,.0f} sent, {counted['dropped']:,.0f} dropped. Tracing leaves {share:.1%} of the requests/s; it has to leave"
         f" {1 - MOST:.0%}.\n\n**{'FAIL' if wrong else 'PASS'}**")
    tell.write("tracing")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
