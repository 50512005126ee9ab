"""Everything that can go wrong at once, and a ledger on both sides: see src/bench/README.md."""

import argparse
import asyncio
import collections
import json
import random
import sys

from clients.priority import go_ahead
from clients.wrk import wrk
from judging.judge import Judge
from judging.ledger import read_runs
from judging.verdict import Verdict, tell_verdicts
from reports import report
from scenarios.storm import mix
from scenarios.storm.chaos_clients import ABORTED, ChaosClients
from scenarios.storm.havoc import CHAOS_PAUSE, CHAOS_WEIGHTS, Havoc, chaos_weights
from scenarios.storm.leftovers import leaks
from scenarios.storm.server import ChaosRelais
from servers import processes
from servers.options import options, scratch

BUSY_PART = 0.6  # of the capacity, between the overloads
OVERLOAD = 5  # times the capacity
EVERY, LASTS = 30, 4  # seconds, of the overloads
ENOUGH = 0.9  # of the requests that an overload is to offer; the clients share two cores with all else
WARM_RATE, WARM, QUIET = 100, 3, 2  # requests/s and seconds before what counts, and seconds of rest behind them


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/chaos", description=__doc__)
    options(parser)
    parser.set_defaults(workers=4)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000), help="of the schedule and the load; printed")
    parser.add_argument("--reload", choices=("files", "generations"), default="files", help="relais.functions.reload")
    parser.add_argument("--result", default="chaos", metavar="NAME", help="of the file in src/bench/results (default chaos)")
    return parser.parse_args()


def capacity(args):
    """Requests/s of this mix that the children can do."""
    return args.children / mix.mean_millis(mix.CHAOS) * 1000


async def storm(args, clients, havoc):
    """The load and what is done to the processes, side by side. Gives the requests/s in each overload: the clients have to keep up."""
    loop = asyncio.get_running_loop()
    over = loop.time() + args.minutes * 60
    breaking = asyncio.create_task(havoc.run())
    offered = []
    while loop.time() < over:
        await clients.offer(BUSY_PART * capacity(args), min(over, loop.time() + EVERY - LASTS))
        sent, begin = len(clients.requests), loop.time()
        await clients.offer(OVERLOAD * capacity(args), min(over, begin + LASTS))
        if loop.time() - begin > LASTS / 2:
            offered.append((len(clients.requests) - sent) / (loop.time() - begin))
    await breaking
    havoc.finish()
    await clients.finish()
    return offered


def stormy(args, havoc, offered):
    """(f) that the run was what it claims to be: a question about the run itself, as a calm one would pass all others."""
    faults = [f"no {kind} took place" for kind in {kind for _, kind, _, _ in havoc.schedule} if not havoc.counts[kind]]
    wanted, least = OVERLOAD * capacity(args), min(offered, default=0)
    if least < ENOUGH * wanted:
        faults.append(f"{least:.0f} requests/s in an overload; {wanted:.0f} wanted")
    return Verdict("(f) all kinds of events took place, and the overloads were as strong as announced",
                   f"{sum(havoc.counts[kind] for kind in CHAOS_WEIGHTS):,} events, {len(offered)} overloads of {least:,.0f}"
                   f" to {max(offered, default=0):,.0f} requests/s", faults)


def keep(directory, clients, havoc):
    """The ledgers, for those who look into a failure."""
    (directory / "requests.jsonl").write_text("".join(json.dumps(vars(r)) + "\n" for r in clients.requests))
    (directory / "events.jsonl").write_text("".join(json.dumps(vars(e) | {"pids": sorted(e.pids)}) + "\n" for e in havoc.events))


async def warm(server, seed):
    wrk(server.port, "/api/hello", 32, 5)
    clients = ChaosClients(server.port, random.Random(seed))
    await clients.offer(WARM_RATE, asyncio.get_running_loop().time() + WARM)
    await clients.finish()
    await asyncio.sleep(QUIET)
    server.take_ledger()


async def run(args, directory, tell):
    generations = args.reload == "generations"
    with ChaosRelais(args, directory) as server:
        await warm(server, args.seed)
        before = processes.descriptors(server.gateway.pid)
        clients = ChaosClients(server.port, random.Random(args.seed))
        havoc = Havoc(server, clients, args.seed, args.minutes * 60, chaos_weights(generations), CHAOS_PAUSE)
        havoc.look()
        offered = await storm(args, clients, havoc)
        last = await leaks(server, args, havoc, before)
        switches = server.metric("relais_generation_switches_total") if generations else 0
        runs = read_runs(server.take_ledger())
    keep(directory, clients, havoc)
    told = report.counts("events", havoc.counts)
    told += report.counts("outcomes", collections.Counter(report.outcome(r) for r in clients.requests if not r.poison))
    told += report.counts("poison", collections.Counter(f"{r.function[7:]}: {report.outcome(r)}" for r in clients.requests if r.poison))
    for line in told:
        tell(line)
    tell(f"\n{len(clients.requests):,} requests, {sum(map(len, runs.values())):,} runs of scripts."
         + (f" {switches:.0f} generation switches." if generations else "") + "\n")
    return tell_verdicts(tell, "question", [*Judge(clients.requests, runs, havoc.events).verdicts(), last, stormy(args, havoc, offered)])


def main():
    args = arguments()
    directory = scratch()
    go_ahead()
    tell = report.Report()
    tell(f"# Chaos\n\n`src/bench/chaos --minutes {args.minutes:g} --seed {args.seed} --reload {args.reload}`, {report.machine(args)}."
         f" {args.workers} workers of {args.children // args.workers} children, which can do {capacity(args):.0f} requests/s of this mix;"
         f" {BUSY_PART:.0%} of that is offered, and {OVERLOAD} times the capacity for {LASTS} s of each {EVERY} s."
         f" A client in {1 / ABORTED:.0f} hangs up.")
    passed = asyncio.run(run(args, directory, tell))
    tell(f"\n**{'PASS' if passed else 'FAIL'}**")
    tell.write(args.result)
    sys.exit(not passed)


if __name__ == "__main__":
    main()
