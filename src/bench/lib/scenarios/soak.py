"""Mixed clients, aborts, slow readers and writers, kills, reloads and cleaned folders for an hour: see src/bench/README.md."""

import argparse
import asyncio
import random
import sys

from clients.priority import go_ahead
from judging.ledger import read_runs
from judging.verdict import Verdict, tell_verdicts
from reports import report
from scenarios.storm.havoc import SOAK_PAUSE, SOAK_WEIGHTS, GentleHavoc
from scenarios.storm.holdings import COLUMNS, holdings, kept, shown
from scenarios.storm.leftovers import leaks, settle
from scenarios.storm.rounds import Rounds
from scenarios.storm.server import SoakRelais
from scenarios.storm.soak_clients import PROTOCOLS, SoakClients
from scenarios.storm.ways import ASKS, WAYS
from servers.options import options, scratch

JVM = ["-Xmx256m", "-XX:+UseParallelGC", "-XX:+ExitOnOutOfMemoryError"]
WARM = 40  # seconds of load before the numbers of the start are taken
QUIET = 3  # seconds after a round's load: background jobs and late work end
ROUND = 5  # minutes, at the most a third of all


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/soak", description=__doc__)
    options(parser)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--round", type=float, help="minutes until all comes to rest and is measured (default 5, at most a third)")
    parser.add_argument("--rate", type=float, default=110, help="requests/s (default 110)")
    parser.add_argument("--age", type=float, default=30, help="seconds after which a file counts as old for a cleaner (default 30)")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000), help="of the load and the events; printed")
    parser.add_argument("--result", default="soak", metavar="NAME", help="of the file in src/bench/results (default soak)")
    args = parser.parse_args()
    args.round = args.round or min(ROUND, args.minutes / 3)
    args.jvm = args.jvm or JVM
    return args


def varied(clients, havoc):
    """(l) that the run was what it claims to be."""
    ways = [f"{protocol}: {way}" for protocol in PROTOCOLS for way in [*WAYS, ASKS]]
    faults = [f"never: {way}" for way in ways if not clients.ways[way]]
    faults += [f"no {kind} took place" for kind in SOAK_WEIGHTS if not havoc.counts[kind]]
    return Verdict("(l) every kind of client came over each protocol, and every kind of event took place",
                   f"{len(clients.ways)} of {len(ways)} ways, {sum(havoc.counts[kind] for kind in SOAK_WEIGHTS):,} events", faults)


async def load(server, args, clients, until):
    """Asks until the loop's time `until`, and then lets all come to rest."""
    await clients.offer(args.rate, until)
    await clients.finish()
    await asyncio.sleep(QUIET)
    await settle(server, args)


async def a_round(server, args, clients, havoc, rounds, seconds):
    """How many requests were sent in this time, and how many faults there were."""
    breaking = asyncio.create_task(havoc.run())
    await load(server, args, clients, asyncio.get_running_loop().time() + seconds)
    requests = clients.take()
    faults = rounds.judge(requests, read_runs(server.take_ledger()), havoc.events, server.log)
    await breaking
    havoc.finish()
    return len(requests), faults


async def soak(server, args, tell):
    clients = SoakClients(server.ports, server.cert, random.Random(args.seed))
    await load(server, args, clients, asyncio.get_running_loop().time() + WARM)
    clients.take()
    clients.ways.clear()
    server.take_ledger()
    start = end = holdings(server)
    rounds, number = Rounds(), max(1, round(args.minutes / args.round))
    seconds = args.minutes * 60 / number
    havoc = GentleHavoc(server, clients, args.seed, 0, args.age)
    havoc.look()
    tell(f"\n| minute | requests | faults | {COLUMNS} |\n" + "| ---: " * (3 + len(COLUMNS.split("|"))) + "|")
    tell(f"| 0 | | | {shown(start)} |")
    for at in range(number):
        part = GentleHavoc(server, clients, args.seed + at, seconds, args.age)
        part.masters, part.counts, part.cleaned = havoc.masters, havoc.counts, havoc.cleaned
        sent, faults = await a_round(server, args, clients, part, rounds, seconds)
        end = holdings(server)
        tell(f"| {(at + 1) * seconds / 60:g} | {sent:,} | {faults or ''} | {shown(end)} |")
        if server.ended():
            raise RuntimeError(f"the gateway has ended with {server.gateway.returncode}")
    await asyncio.sleep(QUIET)
    left = await leaks(server, args, havoc, start["descriptors"])
    told = report.counts("events", havoc.counts + havoc.cleaned) + report.counts("outcomes", rounds.outcomes)
    for line in told + report.counts("clients", clients.ways):
        tell(line)
    tell(f"\n{rounds.requests:,} requests, {rounds.runs:,} runs of scripts.\n")
    return [*rounds.sums(), left, *kept(start, end), varied(clients, havoc)]


def main():
    args = arguments()
    directory = scratch()
    go_ahead()
    tell = report.Report()
    tell(f"# Soak\n\n`src/bench/soak --minutes {args.minutes:g} --seed {args.seed}`, {report.machine(args)}. {args.workers} workers of"
         f" {args.children // args.workers} children, {args.rate:g} requests/s at random instants, an event each {SOAK_PAUSE} s. JVM:"
         f" {' '.join(args.jvm)}.")
    with SoakRelais(args, directory) as server:
        verdicts = asyncio.run(soak(server, args, tell))
    passed = tell_verdicts(tell, "property", verdicts)
    tell(f"\n**{'PASS' if passed else 'FAIL'}**")
    tell.write(args.result)
    sys.exit(not passed)


if __name__ == "__main__":
    main()
