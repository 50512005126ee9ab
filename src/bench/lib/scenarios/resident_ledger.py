"""Resident functions under changes of code, kills and recycling, with a ledger: see src/bench/README.md."""

import argparse
import asyncio
import collections
import json
import os
import random
import re
import signal
import sys
import time

from clients.priority import go_ahead
from judging.verdict import Verdict, tell_verdicts
from reports import report
from reports.checks import until
from scenarios import resident_mixed
from scenarios.resident_clients import Clients
from scenarios.resident_server import CHILDREN, ResidentRelais
from servers.options import options, scratch

HTTP1, HTTP2, STREAMS = 8, 2, 4  # connections, connections, streams of each of these
PAUSE = 0.01  # seconds, of each client after each answer
SLEEPS = 0, 2, 5, 15, 40  # ms that a request runs
BEFORE, AFTER = 1, 3  # seconds of load
SIGNALLED = 0.05  # seconds that it may take from the clock to the signal
IN_FORCE = 2.5  # seconds after a change; a request that is sent later has to meet the new code: the gateway promises about one on an idle machine
RECYCLING = 20  # seconds
LEAST_RECYCLED = 10  # processes of each function that is recycled


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/resident-ledger", description=__doc__)
    options(parser)
    parser.set_defaults(children=2, workers=1)
    parser.add_argument("--changes", type=int, default=20, help="of code (default 20)")
    parser.add_argument("--kills", type=int, default=40, help="of children (default 40)")
    parser.add_argument("--seconds", type=float, default=60, help="of load while they happen (default 60)")
    parser.add_argument("--minutes", type=float, default=0, help="of mixed load instead, and then whether all is as at the start")
    parser.add_argument("--rate", type=float, default=300, help="requests/s of the mixed load (default 300)")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000), help="of the load and the events; printed")
    parser.add_argument("--result", default="resident-ledger", metavar="NAME", help="of the file in src/bench/results")
    args = parser.parse_args()
    args.jvm = args.jvm or ["-Xmx256m", "-XX:+ExitOnOutOfMemoryError"]
    return args


class Storm:
    """Changes of code and kills of children, at random instants."""

    def __init__(self, server, args):
        self.server, self.dice = server, random.Random(args.seed)
        self.changes, self.kills = [(1, time.monotonic())], []  # (version, when its last file was there), (pid, when)
        what = ["change"] * args.changes + ["kill"] * args.kills
        self.dice.shuffle(what)
        self.plan = [(args.seconds * (i + self.dice.random()) / len(what), event) for i, event in enumerate(what)]

    async def run(self):
        begin = time.monotonic()
        for at, event in self.plan:
            await asyncio.sleep(max(0, begin + at - time.monotonic()))
            await asyncio.to_thread(getattr(self, event))

    def change(self):
        version = self.changes[-1][0] + 1
        self.server.place(version, in_place=version % 2 == 0)
        self.changes.append((version, time.monotonic()))

    def kill(self):
        """One that serves, or, now and then, one that boots."""
        serving = set(self.server.pids("ledger"))
        below = [c.pid for m in self.server.masters() if serving & {c.pid for c in self.server.children(m)} for c in self.server.children(m)]
        if below:
            pid = self.dice.choice(below)
            when = time.monotonic()
            os.kill(pid, signal.SIGKILL)
            self.kills.append((pid, when))


def ledger_path(dice, number):
    return f"/api/ledger?id={number}&ms={dice.choice(SLEEPS)}"


async def storm(server, args):
    dice, happening = random.Random(args.seed + 1), Storm(server, args)
    clients = Clients(lambda number: ledger_path(dice, number), PAUSE)
    async with clients.asking(server.port, HTTP1, HTTP2, STREAMS):
        await asyncio.sleep(BEFORE)
        await happening.run()
        await asyncio.sleep(AFTER)
        await until(lambda: len(server.pids("ledger")) == CHILDREN["ledger"], 5, 0.1)
    return clients, happening


def judge_versions(clients, happening):
    """Each answer is of one version, none goes back, none is older than it may be."""
    mixed, back, stale = [], [], []
    newest, answered = 0, sorted(clients.good, key=lambda a: a.ended)
    highest = []  # (when, version) as the highest one that an answer had until then
    first = {}
    for answer in answered:
        versions = set(json.loads(answer.body)["versions"])
        if len(versions) != 1:
            mixed.append(f"{answer} {answer.body!r}")
        version = max(versions)
        first.setdefault(version, answer.begun)
        if version > newest:
            newest = version
            highest.append((answer.ended, version))
    for answer in answered:
        version = min(json.loads(answer.body)["versions"])
        before = max((v for when, v in highest if when < answer.begun), default=0)
        due = max((v for v, when in happening.changes if when + IN_FORCE < answer.begun), default=0)
        if version < before:
            back.append(f"{answer} is of version {version} after {before} was seen")
        if version < due:
            stale.append(f"{answer} is of version {version}, {due} was due")
    waits = [first[v] - when for v, when in happening.changes[1:] if v in first]
    count = len(happening.changes) - 1
    return [
        Verdict("each answer is of one version", f"{len(answered):,} answers of {len(first)} versions", mixed),
        Verdict("no version comes back", f"{len(answered):,} answers", back),
        Verdict(f"a change is in force within {IN_FORCE:g} s", f"{count} changes, {len(waits)} of them seen; at the latest"
                f" {max(waits, default=0):.2f} s after the file was there", stale),
    ]


def judge_failures(server, clients, happening):
    """Each request has one outcome and at most one run, and each failure is that of a child that was killed while it ran."""
    begun = collections.defaultdict(list)
    for line in server.runs():
        if len(line) == 3 and line[0] == "begin":
            begun[line[1]].append(int(line[2]))
    twice = [f"request {number} was run by {pids}" for number, pids in begun.items() if len(pids) > 1]
    told = dict(re.findall(r"Request failed: .*[?&]id=(\d+)\b.* child=(\d+) ", server.log()))  # of those killed before their first line
    when, unexcused = dict(happening.kills), []
    for bad in clients.bad:
        pid = next(iter(begun.get(str(bad.number), [])), int(told.get(str(bad.number), 0)))
        if pid in when and bad.begun <= when[pid] + SIGNALLED and when[pid] <= bad.ended:
            del when[pid]  # a kill explains one failure
        else:
            unexcused.append(f"{bad}, run by {pid or 'nobody'}")
    outcomes = ", ".join(f"{o}: {n}" for o, n in sorted(clients.outcomes.items()))
    return [
        Verdict("at most the killed requests failed, each by its process and instant",
                f"{len(happening.kills)} children killed, {len(clients.bad)} failures of {clients.asked:,} requests ({outcomes})", unexcused),
        Verdict("no request ran twice", f"{len(begun):,} runs", twice),
    ]


async def recycling(server, args):
    """Processes that are replaced by their number of requests and by what they leak, under load."""
    verdicts = []
    for name, words in (("counted", "max-requests"), ("leaky", "max-memory")):
        clients = Clients(lambda number, name=name: f"/api/{name}?id={number}", PAUSE)
        async with clients.asking(server.port, 4, 1, 2):
            await asyncio.sleep(RECYCLING)
        seen = collections.defaultdict(int)
        for answer in clients.good:
            pid, count = map(int, answer.body.split())
            seen[pid] = max(seen[pid], count)
        faults = [str(bad) for bad in clients.bad]
        if len(seen) < LEAST_RECYCLED:
            faults.append(f"only {len(seen)} processes have served")
        verdicts.append(Verdict(f"recycling by {words} fails no request", f"{clients.asked:,} requests by {len(seen)} processes, of which one served"
                                f" {max(seen.values(), default=0)} at the most; {len(clients.bad)} failed", faults))
    return verdicts


async def left(server):
    """Whether all children are there and nothing else is."""
    total = sum(CHILDREN.values()) + server.args.children
    await until(lambda: len(server.all_children()) == total and len(server.masters()) == len(CHILDREN) + 1, 10, 0.1)
    masters, children = server.masters(), server.all_children()
    faults = []
    if len(children) != total or len(masters) != len(CHILDREN) + 1:
        faults.append(f"{len(CHILDREN) + 1} masters with {total} children wanted")
    sockets = [path.name for path in server.run_directory.rglob("boot-*.sock")]
    if len(sockets) > len(CHILDREN) * os.cpu_count():
        faults.append(f"sockets {sockets}")
    return Verdict("no process and no socket is left of former versions",
                   f"{len(masters)} masters, {len(children)} children, {len(sockets)} sockets", faults)


async def ledger(server, args):
    clients, happening = await storm(server, args)
    return [*judge_versions(clients, happening), *judge_failures(server, clients, happening), *await recycling(server, args), await left(server)]


def main():
    args = arguments()
    directory = scratch()
    go_ahead()
    tell = report.Report()
    title = "Mixed load" if args.minutes else "Changes of code and killed children"
    with ResidentRelais(args, directory) as server:
        verdicts = asyncio.run(resident_mixed.run(server, args) if args.minutes else ledger(server, args))
        log = server.log()
    tell(f"## {title}{report.today()}\n")
    tell(f"{report.command()}, seed {args.seed}, {report.machine(args)}. " + (
        f"{args.minutes:g} minutes at {args.rate:g} requests/s." if args.minutes else
        f"{HTTP1} connections of HTTP/1.1 and {HTTP2} of HTTP/2 with {STREAMS} streams each, {CHILDREN['ledger']} children.") + "\n")
    passed = tell_verdicts(tell, "property", verdicts)
    tell(f"\n**{'PASS' if passed else 'FAIL'}**\n")
    tell.renew(args.result)
    if not passed:
        print(log[-20_000:], file=sys.stderr)
    sys.exit(not passed)


if __name__ == "__main__":
    main()
