"""Three gateways behind HAProxy, one slowed, with and without weights by its load: see src/bench/README.md."""

import argparse
import sys

from charts.bars import bars
from clients.priority import go_ahead
from clients.wrk import warm
from reports import report
from scenarios.slowed import PARTS, SEED, Slowness, offer
from servers.options import options, scratch
from servers.paths import RESULTS
from servers.pods import Pods, WeightedPods

SLOWED = 2  # the number of the gateway
WANTED = 2  # times is the p99 lower with the weights, at least
SETTLES = 6  # seconds after which the weights follow what has happened


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/pods", description=__doc__)
    options(parser)
    parser.set_defaults(children=24, workers=1)
    parser.add_argument("--rate", type=float, default=240, help="requests a second (default 240)")
    parser.add_argument("--seconds", type=int, default=25, help="that are measured, with the slowed gateway (default 25)")
    parser.add_argument("--warmup", type=int, default=14, help="seconds of load before that (default 14)")
    parser.add_argument("--period", type=float, default=50, help="ms in which its PHP processes run for a fifth (default 50)")
    return parser.parse_args()


class SlowedPod(Slowness):
    """The PHP processes of one gateway run for a fifth of the time, while this lasts."""

    def __init__(self, server, period):
        self.pids = server.php_of(SLOWED)
        self.command = [sys.executable, "-m", "servers.duty", str(period), str(period / 5)]
        self.scratch = server.scratch


class Seen:
    def __init__(self, label, answers, share, counts):
        self.label, self.answers, self.share, self.counts = label, answers, share, counts


def measure(kind, args, directory):
    with kind(args, directory) as server:
        warm(server.port, "/api/hello", 16, args.warmup - 2)
        offer(server, args, 2, 0)
        slowness = SlowedPod(server, args.period)
        with slowness:
            offer(server, args, SETTLES, SEED + 1)
            before = server.served()
            answers = offer(server, args, args.seconds, SEED)
            counts = [after - then for after, then in zip(server.served(), before)]
        return Seen(kind.label, answers, slowness.share, counts)


def main():
    args = arguments()
    directory = scratch()
    go_ahead()
    tell, results = report.Report(), []
    tell(f"# Three gateways behind HAProxy, one slowed\n\n{report.command()}, {report.machine(args, ('haproxy', '-v'))}.\n")
    tell(f"Each gateway has one PHP-FPM master of {args.children // 3} children. A request makes 32 short waits, some 20 ms in all;"
         f" {args.rate:.0f} a second come at random times, the same ones both times, and each latency counts from the time at which its request"
         f" was due. The PHP processes of the last gateway run for {args.period / 5:g} ms of each {args.period:g} ms (SIGSTOP, SIGCONT), and"
         f" have done so for {SETTLES} s before anything is measured.\n")
    tell("| load balancer | requests | failed | " + " | ".join(f"p{100 * part:g} ms" for part in PARTS) + " | to each gateway |")
    tell("| --- |" + " ---: |" * (len(PARTS) + 2) + " --- |")
    for kind in (Pods, WeightedPods):
        seen = measure(kind, args, directory)
        results.append(seen)
        cells = [seen.label, f"{len(seen.answers.served):,}", str(seen.answers.failed), *(f"{seen.answers.at(part):.1f}" for part in PARTS),
                 ", ".join(f"{count:,.0f}" for count in seen.counts)]
        tell("| " + " | ".join(cells) + " |")
    plain, weighted = results
    ratio = plain.answers.at(0.99) / weighted.answers.at(0.99)
    good = ratio >= WANTED and weighted.answers.failed == 0
    tell(f"\n* p99 of round robin / p99 with weights: **{ratio:.1f}** (at least {WANTED} wanted)")
    tell(f"* failed with weights: **{weighted.answers.failed}** (none wanted)")
    tell(f"\n**{'PASS' if good else 'FAIL'}**\n\n![Latencies by percentile](pods.svg)")
    tell.write("pods")
    groups = [(f"p{100 * part:g}", [seen.answers.at(part) for seen in results]) for part in PARTS]
    (RESULTS / "pods.svg").write_text(
        bars("one gateway of three slowed five times: latency, ms (logarithmic)", [seen.label for seen in results], groups))
    sys.exit(not good)


if __name__ == "__main__":
    main()
