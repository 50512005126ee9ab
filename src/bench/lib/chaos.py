"""Everything that can go wrong at once, and a ledger on both sides: see src/bench/README.md."""

import argparse
import asyncio
import collections
import json
import os
import pathlib
import random
import sys
import time

import chaosload
import load
import procs
import report
import servers
from havoc import WEIGHTS, Havoc
from judge import Judge, Verdict, read_runs

BUSY_PART = 0.6  # of the capacity, between the overloads
OVERLOAD = 5  # times the capacity
EVERY, LASTS = 30, 4  # seconds, of the overloads
SETTLED = 45  # seconds until all children are there again; a master that died often is started after up to 30 s
MORE_FILES = 8  # descriptors that the JVM itself may have opened for the first time
SHOWN = 10  # faults of each question
ENOUGH = 0.9  # of the requests that an overload is to offer; the clients share two cores with all else

SETTINGS = """functions:
  chaos/run:
    concurrency: 12
    on-abort: end
  chaos/again:
    idempotent: true
  chaos/pipe:
    body: stream
  chaos/poison:
    concurrency: 4
    timeout: 1s
"""


class Relais(servers.Relais):
    """Its functions note their runs in a file that CHAOS_LEDGER names."""

    def start(self):
        self.ledger = self.home / "runs"
        self.ledger.touch()
        self.ledger.chmod(0o666)
        os.environ["CHAOS_LEDGER"] = str(self.ledger)
        (self.functions / "functions.yaml").write_text(SETTINGS)
        super().start()


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/chaos", description=__doc__)
    servers.options(parser)
    parser.set_defaults(workers=4)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000), help="of the schedule and the load; printed")
    parser.add_argument("--reload", choices=("files", "generations"), default="files", help="relais.functions.reload")
    parser.add_argument("--result", default="chaos", metavar="NAME", help="of the file in src/bench/results (default chaos)")
    args = parser.parse_args()
    args.config = ["relais.functions.timeout=3s", "relais.queue.max-wait=2s", "relais.workers.environment=CHAOS_LEDGER",
                   'relais.workers.php-settings."memory_limit"=32M', *args.config]
    if args.reload != "files":
        args.config.append(f"relais.functions.reload={args.reload}")
    return args


def files(pid):
    """Open descriptors of a process by their kinds."""
    kinds = collections.Counter()
    for link in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = os.readlink(link)
        except OSError:
            continue
        kinds[target.partition(":")[0] if ":" in target else "file"] += 1
    return kinds


async def storm(server, args, clients, havoc):
    """The load and what is done to the processes, side by side."""
    capacity = args.children / chaosload.MEAN_MILLIS * 1000
    loop = asyncio.get_running_loop()
    over = loop.time() + args.minutes * 60
    breaking = asyncio.create_task(havoc.run())
    offered = []  # requests/s in the overloads: the clients have to keep up
    while loop.time() < over:
        await clients.offer(BUSY_PART * capacity, min(over, loop.time() + EVERY - LASTS))
        sent, begin = len(clients.requests), loop.time()
        await clients.offer(OVERLOAD * capacity, min(over, begin + LASTS))
        if loop.time() - begin > LASTS / 2:
            offered.append((len(clients.requests) - sent) / (loop.time() - begin))
    await breaking
    havoc.finish()
    await clients.finish()
    return offered


async def settle(server, args):
    """Seconds until every child is there and idle; None when that did not come about."""
    begin = time.monotonic()
    while time.monotonic() - begin < SETTLED:
        children = [c for w in server.status().get("workers", []) for c in w["children"]]
        if len(children) == args.children and all(c["state"] == "idle" for c in children):
            return time.monotonic() - begin
        await asyncio.sleep(0.25)
    return None


async def leaks(server, args, havoc, before):
    """(e) what the run left behind."""
    settled = await settle(server, args)
    faults = [] if settled is not None else [f"not all children idle after {SETTLED} s: {json.dumps(server.status())}"]
    masters = server.masters()
    children = [c for m in masters for c in server.children(m)]
    if len(masters) != args.workers or len(children) != args.children:
        faults.append(f"{len(masters)} masters with {len(children)} children; {args.workers} with {args.children} wanted")
    known = {p.key for p in masters + children}
    sessions = {m.pid for m in havoc.masters.values()}
    orphans = [p for p in procs.everyone() if p.session in sessions and p.key not in known]
    orphans += [p for p in procs.descendants(server.gateway.pid) if not p.running]
    faults += [f"left: {p.pid} {p.name} ({p.state})" for p in orphans]
    for name in ("relais_queue_length", "relais_worker_children_busy", "relais_spool_bytes"):
        if value := server.metric(name):
            faults.append(f"{name} is {value:.0f}")
    await asyncio.sleep(2)
    after = files(server.gateway.pid)
    if after["socket"] > before["socket"] or after.total() > before.total() + MORE_FILES:
        faults.append(f"descriptors of the gateway: {dict(before)} before, {dict(after)} after")
    took = "" if settled is None else f"; all idle after {settled:.1f} s"
    return Verdict("(e) no child, master, descriptor, waiting request or busy child is left over",
                   f"{len(masters)} masters, {len(children)} children, {before.total()} descriptors before and {after.total()} after{took}",
                   faults)


def stormy(args, havoc, offered):
    """(f) that the run was what it claims to be: a question about the run itself, as a calm one would pass all others."""
    missing = [kind for kind in {kind for _, kind, _, _ in havoc.schedule} if not havoc.counts[kind]]
    faults = [f"no {kind} took place" for kind in missing]
    capacity = args.children / chaosload.MEAN_MILLIS * 1000
    if not offered or min(offered) < ENOUGH * OVERLOAD * capacity:
        faults.append(f"{min(offered, default=0):.0f} requests/s in an overload; {OVERLOAD * capacity:.0f} wanted")
    return Verdict("(f) all kinds of events took place, and the overloads were as strong as announced",
                   f"{sum(havoc.counts[kind] for kind in WEIGHTS):,} events, {len(offered)} overloads of {min(offered, default=0):,.0f}"
                   f" to {max(offered, default=0):,.0f} requests/s", faults)


def table(title, counts):
    return [f"\n| {title} | |", "| --- | ---: |", *(f"| {key} | {n:,} |" for key, n in sorted(counts.items()))]


def outcome(request):
    return f"{request.outcome} {request.problem}" if request.problem else str(request.outcome)


def keep(scratch, clients, havoc):
    """The ledgers, for those who look into a failure."""
    (scratch / "requests.jsonl").write_text("".join(json.dumps(vars(r)) + "\n" for r in clients.requests))
    (scratch / "events.jsonl").write_text(
        "".join(json.dumps(vars(e) | {"pids": sorted(e.pids)}) + "\n" for e in havoc.events))


async def run(args, scratch, tell):
    with Relais(args, scratch) as server:
        load.wrk(server.port, "/api/hello", 32, 5)
        warm = chaosload.Clients(server.port, random.Random(args.seed))
        await warm.offer(100, asyncio.get_running_loop().time() + 3)
        await warm.finish()
        await asyncio.sleep(2)
        server.ledger.write_text("")
        before = files(server.gateway.pid)
        clients = chaosload.Clients(server.port, random.Random(args.seed))
        havoc = Havoc(server, clients, args.seed, args.minutes * 60, args.reload == "generations")
        havoc.look()
        offered = await storm(server, args, clients, havoc)
        last = await leaks(server, args, havoc, before)
        switches = server.metric("relais_generation_switches_total") if args.reload == "generations" else 0
        runs = read_runs(server.ledger.read_text().splitlines())
    keep(scratch, clients, havoc)
    for line in table("events", havoc.counts) + table("outcomes", collections.Counter(outcome(r) for r in clients.requests if not r.poison)):
        tell(line)
    for line in table("poison", collections.Counter(f"{r.function[7:]}: {outcome(r)}" for r in clients.requests if r.poison)):
        tell(line)
    tell(f"\n{len(clients.requests):,} requests, {sum(map(len, runs.values())):,} runs of scripts."
         + (f" {switches:.0f} generation switches." if args.reload == "generations" else "") + "\n")
    verdicts = [*Judge(clients.requests, runs, havoc.events).verdicts(), last, stormy(args, havoc, offered)]
    tell("| question | seen | |\n| --- | --- | --- |")
    for verdict in verdicts:
        tell(f"| {verdict.question} | {verdict.seen} | {f'**FAIL**: {len(verdict.faults)}' if verdict.faults else 'PASS'} |")
    for verdict in verdicts:
        for fault in verdict.faults[:SHOWN]:
            tell(f"\n- {verdict.question[:3]} {fault}")
    return not any(verdict.faults for verdict in verdicts)


def main():
    args = arguments()
    scratch = servers.scratch()
    load.go_ahead()
    tell = report.Report()
    capacity = args.children / chaosload.MEAN_MILLIS * 1000
    tell(f"# Chaos\n\n`src/bench/chaos --minutes {args.minutes:g} --seed {args.seed} --reload {args.reload}`, {report.machine(args)}."
         f" {args.workers} workers of {args.children // args.workers} children, which can do {capacity:.0f} requests/s of this mix;"
         f" {BUSY_PART:.0%} of that is offered, and {OVERLOAD} times the capacity for {LASTS} s of each {EVERY} s."
         f" A client in {1 / chaosload.ABORTED:.0f} hangs up.")
    passed = asyncio.run(run(args, scratch, tell))
    tell(f"\n**{'PASS' if passed else 'FAIL'}**")
    tell.write(args.result)
    sys.exit(not passed)


if __name__ == "__main__":
    main()
