"""A fast function beside a flood of a slow one, Relais and its peers: see src/bench/README.md."""

import argparse
import asyncio
import multiprocessing
import statistics
import sys
import time

from charts.bars import bars
from clients.blocking import get
from clients.closed_loop import Flood
from clients.open_loop import OpenLoop
from clients.priority import go_ahead
from clients.wrk import per_second, warm, wrk
from reports import report
from servers import peers, relais
from servers.options import options, scratch
from servers.paths import RESULTS

CHILDREN, SLOW_CHILDREN = 8, 6
WANTED = 3  # times the p99 alone, at the most
QUICK = 0.05  # seconds: an answer of fast from a pool that has nothing else to do
QUICK_ONES = 10  # in a row
CALM = 20  # ms: a p99 alone beyond that tells of the machine, and a ratio to it tells nothing


class Relais(relais.Relais):
    label = "Relais, `concurrency: 6` for `slow`"

    def start(self):
        (self.functions / "functions.yaml").write_text(f"functions:\n  slow:\n    concurrency: {SLOW_CHILDREN}\n")
        super().start()


class Nginx(peers.Nginx):
    label = "nginx, one pool"


class HaProxy(peers.HaProxy):
    label = "HAProxy, one pool"
    conf = "haproxy/mixed.cfg"


class SplitNginx(peers.Nginx):
    label = "nginx, pools of 6 and 2"
    conf = "nginx/mixed-split.conf"
    fpm = "nginx/mixed-split-fpm.conf"

    def fpm_changes(self):
        return {}


class LimitedHaProxy(peers.HaProxy):
    label = "HAProxy, maxconn 6 for `slow`"
    conf = "haproxy/mixed-limited.cfg"


KINDS = [Relais, Nginx, HaProxy, SplitNginx, LimitedHaProxy]


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/mixed", description=__doc__)
    options(parser)
    parser.set_defaults(children=CHILDREN, connections=200)
    parser.add_argument("--rate", type=int, default=200, help="requests/s of fast (default 200)")
    parser.add_argument("--seconds", type=int, default=4, help="of each measurement (default 4)")
    parser.add_argument("--rounds", type=int, default=3, help="alone, beside the flood, alone, ... (default 3)")
    parser.add_argument("--warmup", type=int, default=12, help="seconds of fast's load before (default 12)")
    parser.add_argument("--only", default="", metavar="TEXT", help="servers whose name in the table holds it; writes no result")
    return parser.parse_args()


def flood(port, connections, running, over, outcomes):
    """In a process of its own, so that the two loads do not wait for one another. Tells what came back while it was measured."""

    async def run():
        async with Flood(port, "/api/slow", connections) as clients:
            await asyncio.sleep(1)
            before = clients.outcomes.copy()
            running.set()
            await asyncio.to_thread(over.wait)
            outcomes.put(clients.outcomes - before)

    asyncio.run(run())


def fast(server, args, seconds):
    return asyncio.run(OpenLoop(server.port, "/api/fast", args.rate, seconds).run())


def flooded(server, args):
    """What fast saw beside the flood, and what became of the flood, a second."""
    running, over, outcomes = multiprocessing.Event(), multiprocessing.Event(), multiprocessing.Queue()
    flooding = multiprocessing.Process(target=flood, args=(server.port, args.connections, running, over, outcomes), daemon=True)
    flooding.start()
    running.wait()
    begin = time.monotonic()
    beside = fast(server, args, args.seconds)
    seconds = time.monotonic() - begin
    over.set()
    slow = outcomes.get(timeout=30)
    flooding.join(10)
    return beside, slow["200"] / seconds, (slow.total() - slow["200"]) / seconds


def settle(server):
    """Waits until the pool has run what its clients gave up long ago: FPM runs everything that is in its backlog."""
    quick = 0
    while quick < QUICK_ONES:
        begin = time.monotonic()
        get(server.port, "/api/fast", timeout=30)
        quick = quick + 1 if time.monotonic() - begin < QUICK else 0


def measure(server, args):
    """Medians of the rounds; the sum of what failed."""
    warm(server.port, "/api/fast", 16, args.warmup)
    most = wrk(server.port, "/api/fast", 16, 3)
    rounds = []
    for _ in range(args.rounds):
        settle(server)
        alone = fast(server, args, args.seconds)
        beside, slow, refused = flooded(server, args)
        rounds.append((alone.at(0.5), alone.at(0.99), beside.at(0.5), beside.at(0.99), slow, refused,
                       sum((alone.failures + beside.failures).values())))
    median = [statistics.median(column) for column in zip(*rounds)]
    return {
        "server": server.label,
        "alone p50": median[0],
        "alone p99": median[1],
        "flood p50": median[2],
        "flood p99": median[3],
        "ratio": median[3] / median[1],
        "failed": sum(failed for *_, failed in rounds),
        "slow": median[4],
        "refused": median[5],
        "most": per_second(most),
    }


def row(seen):
    return (f"| {seen['server']} | {seen['alone p50']:.2f} | {seen['alone p99']:.2f} | {seen['flood p50']:,.2f} |"
            f" {seen['flood p99']:,.2f} | **{seen['ratio']:,.1f}** | {seen['failed']} | {seen['slow']:.1f} |"
            f" {seen['refused']:.1f} | {seen['most']:,.0f} |")


def main():
    args = arguments()
    directory = scratch()
    go_ahead()
    tell = report.Report()
    tell("# A fast function beside a flood of a slow one\n\n"
         f"{report.command()}, {report.machine(args, ('haproxy', '-v'))}. {CHILDREN} PHP children in all,"
         f" Relais: {args.workers} workers. `fast` waits 1 ms and is asked for {args.rate} times a second at even distances;"
         f" latencies in ms, from the instant at which a request was to be sent. The flood: {args.connections} connections that ask"
         f" for `slow` (200 ms) again at once, after a refusal in a second. Medians of {args.rounds} rounds of {args.seconds} s alone"
         f" and {args.seconds} s beside the flood.\n")
    tell("| | alone, p50 | p99 | beside the flood, p50 | p99 | p99 / p99 alone | `fast` failed | `slow` answered/s | refused/s |"
         " `fast`/s at the most, without a flood |")
    tell("| --- |" + " ---: |" * 9)
    rows = []
    for kind in KINDS:
        if args.only in kind.label:
            with kind(args, directory) as server:
                rows.append(measure(server, args))
            tell(row(rows[-1]))
    failed = False
    if rows[0]["server"] == Relais.label:
        ours = rows[0]
        failed = not ours["ratio"] <= WANTED or ours["failed"] > 0
        if busy := [seen["server"] for seen in rows if not seen["alone p99"] <= CALM]:
            failed = True
            tell(f"\nThe machine was busy with something else (p99 alone beyond {CALM} ms: {', '.join(busy)}): this run says nothing.")
        tell(f"\nRelais: {ours['ratio']:.2f} times the p99 alone (at most {WANTED} wanted), {ours['failed']} failures (0 wanted):"
             f" **{'FAIL' if failed else 'PASS'}**")
    if not args.only:
        tell("\n![p99 alone and beside the flood](mixed.svg)")
        tell.write("mixed")
        groups = [(seen["server"].replace("`", ""), (seen["alone p99"], seen["flood p99"])) for seen in rows]
        (RESULTS / "mixed.svg").write_text(bars("p99 of fast, ms (logarithmic)", ("alone", "beside the flood"), groups))
    sys.exit(failed)


if __name__ == "__main__":
    main()
