"""More and more requests than there is capacity for, Relais and nginx: see src/bench/README.md."""

import argparse
import sys
import time

from charts.lines import lines
from clients import offered
from clients.latencies import percentile
from clients.wrk import warm
from reports import report
from servers import peers, relais
from servers.options import options, scratch
from servers.paths import RESULTS

WANTED = 0.95  # of the best goodput, or of the rate where that is less
RATES = (200, 600, 800, 1000, 1500, 2000, 3000, 4000)
SETTLE = 2  # seconds in which a server works off what a rate has left over


class Relais(relais.Relais):
    label = "Relais"


class Nginx(peers.Nginx):
    label = "nginx + PHP-FPM"


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/overload", description=__doc__)
    options(parser)
    parser.add_argument("--rates", type=lambda text: [int(rate) for rate in text.split(",")], default=list(RATES),
                        help="requests/s offered, one after the other")
    parser.add_argument("--seconds", type=int, default=4, help="of each rate (default 4)")
    parser.add_argument("--deadline", type=int, default=200, help="ms that a client waits (default 200)")
    parser.add_argument("--warmup", type=int, default=12, help="seconds of load before (default 12)")
    parser.add_argument("--only", default="", metavar="TEXT", help="servers whose name holds it; writes no result")
    return parser.parse_args()


class Seen:
    """What came back at one rate."""

    def __init__(self, rate, seconds, deadline, millis, others, late):
        self.rate, self.late = rate, late
        self.millis = millis
        self.goodput = sum(ms <= deadline for ms in millis) / seconds
        self.too_late = sum(ms > deadline for ms in millis) / seconds
        self.refused = sum(n for status, n in others.items() if status in ("503", "429")) / seconds
        self.failed = sum(others.values()) / seconds - self.refused

    def at(self, part):
        return percentile(self.millis, part)

    def row(self, label):
        return (f"| {label} | {self.rate:,} | **{self.goodput:,.0f}** | {self.too_late:,.0f} | {self.refused:,.0f} |"
                f" {self.failed:,.0f} | {self.at(0.5):,.0f} | {self.at(0.99):,.0f} | {self.at(1):,.0f} | {self.late:.0f} |")


def measure(server, args, tell):
    warm(server.port, "/api/wait", 16, args.warmup)
    for rate in (args.rates[-1], args.rates[0]) * 3:  # in turns: see clients.wrk.warm
        offered.measure(server.port, "/api/wait", rate, 2, args.deadline)
    seen = []
    for rate in args.rates:
        time.sleep(SETTLE)
        found = offered.measure(server.port, "/api/wait", rate, args.seconds, args.deadline)
        seen.append(Seen(rate, args.seconds, args.deadline, *found))
        tell(seen[-1].row(server.label))
    return seen


def verdict(seen, deadline):
    """(a line, whether it is as wanted)"""
    best = max(s.goodput for s in seen)
    kept = min(s.goodput / min(s.rate, best) for s in seen) if best else 0
    too_late = max(s.too_late / max(1e-9, s.goodput + s.too_late) for s in seen)
    good = kept >= WANTED and all(s.at(0.99) <= deadline and s.failed == 0 for s in seen)
    return (f"Relais: goodput is at every rate at least {100 * kept:.1f} % of the best, or of what was offered (at least"
            f" {100 * WANTED:.0f} wanted), at {seen[-1].rate:,} requests/s {100 * seen[-1].goodput / max(1e-9, best):.1f} %; the p99 of accepted"
            f" requests is at most {max(s.at(0.99) for s in seen):.0f} ms at any rate ({deadline} wanted); at most {100 * too_late:.2f} % of"
            f" them came after the deadline; {sum(s.failed for s in seen):.0f} failed (0 wanted): **{'PASS' if good else 'FAIL'}**", good)


def main():
    args = arguments()
    directory = scratch()
    tell, all_seen, good = report.Report(), {}, True
    tell("# Overload\n\n"
         f"{report.command()}, {report.machine(args)}. {args.children} PHP children in all, Relais: {args.workers} workers. The function"
         f" waits 20 ms, so the capacity is somewhat below {args.children * 50} requests/s. An open loop offers a rate for"
         f" {args.seconds} s; every request has the header `X-Request-Timeout: {args.deadline}`, and is waited for longer than that. Goodput:"
         f" answers with status 200 within {args.deadline} ms from the instant at which the request was to be sent. Latencies (ms) are those"
         " of all answers with status 200; the last column says how late the client itself was at most.\n")
    tell("| | offered/s | goodput/s | 200, but too late/s | refused/s | failed/s | p50 | p99 | max | sent late, ms |")
    tell("| --- |" + " ---: |" * 9)
    for kind in (Relais, Nginx):
        if args.only in kind.label:
            with kind(args, directory) as server:
                all_seen[kind.label] = measure(server, args, tell)
    if Relais.label in all_seen:
        line, good = verdict(all_seen[Relais.label], args.deadline)
        tell(f"\n{line}")
    if not args.only:
        tell("\n![Goodput over offered load](overload-goodput.svg)\n\n![p99 of accepted requests over offered load](overload-p99.svg)")
        tell.write("overload")
        for name, title, value in (("goodput", "answers within the deadline, per second", lambda s: s.goodput),
                                   ("p99", "p99 of accepted requests, ms", lambda s: s.at(0.99))):
            curves = {label: [(s.rate, value(s)) for s in seen] for label, seen in all_seen.items()}
            (RESULTS / f"overload-{name}.svg").write_text(lines(title, "requests offered per second", curves))
    sys.exit(not good)


if __name__ == "__main__":
    main()
