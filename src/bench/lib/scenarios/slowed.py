"""One worker of four slowed ten times, behind HAProxy, nginx and Relais: see src/bench/README.md."""

import argparse
import asyncio
import collections
import random
import subprocess
import sys
from dataclasses import dataclass

from charts.bars import bars
from clients.open_loop import OpenLoop
from clients.priority import go_ahead
from clients.wrk import warm
from reports import report
from servers import pools, processes
from servers.options import options, scratch
from servers.paths import RESULTS

PATH = "/api/steps"
SLOWED = 0  # the number of the worker
WANTED = 5  # Relais' p99 is to be that many times lower than each peer's
QUIET = 2  # times the p50 is the p99, at most, when all workers are well and the machine does nothing else
SEED = 7
PARTS = (0.5, 0.9, 0.95, 0.99, 0.999)


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/slowed", description=__doc__)
    options(parser)
    parser.set_defaults(workers=4)
    parser.add_argument("--rate", type=float, default=200, help="requests a second (default 200)")
    parser.add_argument("--seconds", type=int, default=25, help="with the slowed worker (default 25)")
    parser.add_argument("--before", type=int, default=5, help="seconds without, again while the machine is busy otherwise (default 5)")
    parser.add_argument("--warmup", type=int, default=14, help="seconds of load before that (default 14)")
    parser.add_argument("--period", type=float, default=50, help="ms in which its processes run for a tenth (default 50)")
    parser.add_argument("--only", action="append", choices=[kind.label for kind in KINDS])
    return parser.parse_args()


KINDS = [pools.HaProxy, pools.Nginx, pools.Relais]


class Slowness:
    """The processes of one worker run for a tenth of the time, while this lasts; `share` is what they really got."""

    def __init__(self, server, period):
        master = server.master(SLOWED)
        self.pids = [master] + [child.pid for child in processes.descendants(master)]
        self.command = [sys.executable, "-m", "servers.duty", str(period), str(period / 10)]
        self.scratch = server.scratch

    def __enter__(self):
        self.process = subprocess.Popen(self.command + [str(pid) for pid in self.pids], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
        processes.remember(self.scratch, processes.read(self.process.pid))
        return self

    def __exit__(self, *_):
        self.share = float(self.process.communicate(timeout=10)[0])


class Answers(OpenLoop):
    """Poisson arrivals, the same ones for the same seed. A body says which master served."""

    def __init__(self, server, args, seconds, seed):
        super().__init__(server.port, PATH, args.rate, seconds)
        self.random, self.begin, self.served = random.Random(seed), None, []

    def offsets(self):
        due = 0.0
        while (due := due + self.random.expovariate(self.rate)) < self.seconds:
            yield due

    def ended(self, due, millis, status, body):
        super().ended(due, millis, status, body)
        self.served.append((due, body))

    @property
    def failed(self):
        return sum(self.failures.values())

    @property
    def quiet(self):
        return self.at(0.99) < QUIET * self.at(0.5)

    def by(self, master):
        """How many requests this master got in each second."""
        begin = min(due for due, _ in self.served)
        counts = collections.Counter(int(due - begin) for due, body in self.served if body == b"%d\n" % master)
        return [counts[second] for second in range(self.seconds)]


@dataclass
class Seen:
    """One server's answers: with all workers well, and with one slowed."""

    label: str
    before: Answers
    during: Answers
    share: float  # of the time in which the slowed worker ran
    slowed: int  # its master's pid


def offer(server, args, seconds, seed):
    return asyncio.run(Answers(server, args, seconds, seed).run())


def measure(kind, args, scratch):
    with kind(args, scratch) as server:
        warm(server.port, "/api/hello", 16, args.warmup - 2)  # the JVM's compilers need it; the others get the same
        offer(server, args, 2, 0)
        for _ in range(6):  # until the machine has nothing else to do
            before = offer(server, args, args.before, SEED)
            if before.quiet:
                break
        slowness = Slowness(server, args.period)
        with slowness:
            during = offer(server, args, args.seconds, SEED)
        return Seen(server.label, before, during, slowness.share, slowness.pids[0])


def row(seen, when, answers):
    number = len(answers.served)
    values = [f"{answers.at(part):.1f}" for part in PARTS]
    cells = [seen.label, when, f"{number:,}", str(answers.failed), *values,
             f"{100 * sum(answers.by(seen.slowed)) / number:.2f}"]
    return "| " + " | ".join(cells) + " |"


def main():
    args = arguments()
    directory = scratch()
    go_ahead()
    tell, results = report.Report(), []
    share = args.children // args.workers
    tell(f"# One worker of {args.workers} slowed ten times\n\n{report.command()}, {report.machine(args, ('haproxy', '-v'))}.\n")
    tell(f"Each server has {args.workers} PHP-FPM masters of {share} children. A request makes 32 short waits, some 20 ms in all;"
         f" {args.rate:.0f} a second come at random times, the same ones for each server, and each latency counts from the time at"
         f" which its request was due. With all workers well for {args.before} s, and then for {args.seconds} s, from the first on, with the"
         f" processes of one worker running for {args.period / 10:g} ms of each {args.period:g} ms (SIGSTOP, SIGCONT).\n")
    tell("| server | one worker | requests | failed | " + " | ".join(f"p{100 * part:g} ms" for part in PARTS)
         + " | % to that worker |")
    tell("| --- | --- |" + " ---: |" * (len(PARTS) + 3))
    for kind in KINDS:
        if args.only and kind.label not in args.only:
            continue
        seen = measure(kind, args, directory)
        results.append(seen)
        tell(row(seen, "as the others", seen.before))
        tell(row(seen, f"ran {100 * seen.share:.1f} % of the time", seen.during))
    tell("\nRequests to the slowed worker in each second:\n")
    for seen in results:
        tell(f"* {seen.label}: {' '.join(map(str, seen.during.by(seen.slowed)))}")
    if not args.only:
        sys.exit(not judge(results, tell))


def judge(results, tell):
    """@return whether Relais, the last one, is as good as wanted"""
    *peers, relais = results
    good = relais.during.failed == 0
    tell()
    for peer in peers:
        ratio = peer.during.at(0.99) / relais.during.at(0.99)
        good = good and ratio >= WANTED
        tell(f"* p99 of {peer.label} / p99 of Relais: **{ratio:.1f}** (at least {WANTED} wanted)")
    if noisy := [seen.label for seen in results if not seen.before.quiet]:
        good = False
        tell(f"* The machine was busy with something else when all workers were well, behind {', '.join(noisy)}: this run says nothing.")
    tell(f"\n**{'PASS' if good else 'FAIL'}**\n\n![Latencies by percentile](slowed.svg)")
    tell.write("slowed")
    groups = [(f"p{100 * part:g}", [seen.during.at(part) for seen in results]) for part in PARTS]
    (RESULTS / "slowed.svg").write_text(
        bars("one worker of four slowed ten times: latency, ms (logarithmic)", [seen.label for seen in results], groups))
    return good


if __name__ == "__main__":
    main()
