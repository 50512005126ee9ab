"""More and more requests than there is capacity for, Relais and nginx: see src/bench/README.md."""

import argparse
import sys
import time

import chart
import hostile
import load
import offered
import servers

WANTED = 0.95  # of the best goodput, at the highest rate
RESULTS = servers.BENCH / "results"
RATES = (200, 600, 800, 1000, 1500, 2000, 3000, 4000)
SETTLE = 2  # seconds in which a server works off what a rate has left over


class Relais(servers.Relais):
    label = "Relais"


class Nginx(servers.Nginx):
    label = "nginx + PHP-FPM"


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/overload", description=__doc__)
    servers.options(parser)
    parser.add_argument("--rates", type=lambda text: [int(rate) for rate in text.split(",")], default=list(RATES),
                        help="requests/s offered, one after the other")
    parser.add_argument("--seconds", type=int, default=4, help="of each rate (default 4)")
    parser.add_argument("--deadline", type=int, default=200, help="ms that a client waits (default 200)")
    parser.add_argument("--warmup", type=int, default=6, help="seconds of load before (default 6)")
    parser.add_argument("--only", default="", metavar="TEXT", help="servers whose name holds it; writes no result")
    return parser.parse_args()


class Seen:
    """What came back at one rate."""

    def __init__(self, rate, seconds, deadline, millis, others, late):
        self.rate, self.late = rate, late
        self.millis = sorted(millis)
        self.goodput = sum(ms <= deadline for ms in millis) / seconds
        self.too_late = sum(ms > deadline for ms in millis) / seconds
        self.refused = sum(n for status, n in others.items() if status in ("503", "429")) / seconds
        self.failed = sum(others.values()) / seconds - self.refused

    def at(self, part):
        return self.millis[min(len(self.millis) - 1, int(part * len(self.millis)))] if self.millis else float("nan")

    def row(self, label):
        return (f"| {label} | {self.rate:,} | **{self.goodput:,.0f}** | {self.too_late:,.0f} | {self.refused:,.0f} |"
                f" {self.failed:,.0f} | {self.at(0.5):,.0f} | {self.at(0.99):,.0f} | {self.at(1):,.0f} | {self.late:.0f} |")


def measure(server, args, tell):
    load.wrk(server.port, "/api/hello", 16, args.warmup)
    offered.measure(server.port, "/api/wait", args.rates[-1], 2, args.deadline)
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
    kept = seen[-1].goodput / max(1e-9, best)
    p99 = max(s.at(0.99) for s in seen)
    too_late = max(s.too_late / max(1e-9, s.goodput + s.too_late) for s in seen)
    good = kept >= WANTED and p99 <= deadline
    return (f"Relais: at {seen[-1].rate:,} requests/s goodput is {100 * kept:.1f} % of the best (at least {100 * WANTED:.0f} wanted);"
            f" the p99 of accepted requests is at most {p99:.0f} ms at any rate ({deadline} wanted); at most {100 * too_late:.2f} % of"
            f" them came after the deadline: **{'PASS' if good else 'FAIL'}**", good)


def main():
    args = arguments()
    scratch = servers.scratch()
    lines, all_seen, good = [], {}, True

    def tell(line=""):
        print(line, flush=True)
        lines.append(line)

    tell("# Overload\n\n"
         f"`src/bench/overload`, {hostile.machine(args)}. {args.children} PHP children in all, Relais: {args.workers} workers. The function"
         f" waits 20 ms, so the capacity is somewhat below {args.children * 50} requests/s. An open loop offers a rate for"
         f" {args.seconds} s; every request has the header `X-Request-Timeout: {args.deadline}`, and is waited for longer than that. Goodput:"
         f" answers with status 200 within {args.deadline} ms from the instant at which the request was to be sent. Latencies (ms) are those"
         " of all answers with status 200; the last column says how late the client itself was at most.\n")
    tell("| | offered/s | goodput/s | 200, but too late/s | refused/s | failed/s | p50 | p99 | max | sent late, ms |")
    tell("| --- |" + " ---: |" * 9)
    for kind in (Relais, Nginx):
        if args.only in kind.label:
            with kind(args, scratch) as server:
                all_seen[kind.label] = measure(server, args, tell)
    if Relais.label in all_seen:
        line, good = verdict(all_seen[Relais.label], args.deadline)
        tell(f"\n{line}")
    if not args.only:
        tell("\n![Goodput over offered load](overload-goodput.svg)\n\n![p99 of accepted requests over offered load](overload-p99.svg)")
        (RESULTS / "overload.md").write_text("\n".join(lines) + "\n")
        for name, title, value in (("goodput", "answers within the deadline, per second", lambda s: s.goodput),
                                   ("p99", "p99 of accepted requests, ms", lambda s: s.at(0.99))):
            curves = {label: [(s.rate, value(s)) for s in seen] for label, seen in all_seen.items()}
            (RESULTS / f"overload-{name}.svg").write_text(chart.lines(title, "requests offered per second", curves))
    sys.exit(not good)


if __name__ == "__main__":
    main()
