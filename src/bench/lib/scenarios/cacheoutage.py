"""Two gateways with a second level of their result cache in Redis, and what its outages do: see src/bench/README.md."""

import argparse
import asyncio
import collections
import json
import random
import re
import sys
import time
import zlib

from clients import http1, outcomes
from clients.blocking import get
from clients.connection import Connection
from reports import report
from reports.checks import until
from servers import relais
from servers.options import options, scratch
from servers.redis import Redis

PURGE_WITHIN = 3  # seconds; the least that can be set
SLACK = 1.5  # seconds: the journal is read each second, and a machine has other work
ENOUGH = 8  # seconds of each outage, for a run whose result is kept
RESOURCES = 60
IN_STEP_WITHIN = 30  # seconds
SCRIPT = """<?php
header('Cache-Control: max-age=600');
$text = (int) $_GET['r'] . ' ' . microtime(true) . ' ' . str_repeat('x', 150 * (int) $_GET['r']);
echo $text, ' ', crc32($text);
"""


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/cacheoutage", description=__doc__)
    options(parser)
    parser.set_defaults(connections=8, children=4)
    parser.add_argument("--seconds", type=float, default=8, help="how long each outage lasts, at least the time for purges and two")
    return parser.parse_args()


class Gateway(relais.Relais):
    def __init__(self, args, directory, name, redis):
        self.name, self.redis = name, redis
        super().__init__(args, directory)

    def start(self):
        (self.functions / "made.php").write_text(SCRIPT)
        super().start()

    def config(self):
        return {
            "relais.cache.redis.url": f"redis://127.0.0.1:{self.redis.port}",
            "relais.cache.redis.purge-within": f"{PURGE_WITHIN}s",
            "relais.management.actions-per-minute": 6000,
        }

    def shared(self):
        return json.loads(get(self.management, "/q/relais/cache")[1] or b"{}").get("redis", {})

    def is_in_step(self):
        seen = self.shared()
        return seen.get("state") == "connected" and 0 <= seen.get("inSyncMillis", -1) < 1500 and seen.get("breaker") == "closed"

    def purge(self):
        return json.loads(get(self.management, "/q/relais/cache", method="DELETE")[1] or b"{}").get("shared")


class Ledger:
    """Every answer of a phase, and what was purged."""

    def __init__(self):
        self.purges = []  # (begun, ended) by the wall clock, which PHP's is as well
        self.begin()

    def begin(self):
        self.outcomes, self.how, self.slowest, self.times = collections.Counter(), collections.Counter(), 0.0, []
        self.oldest = 0.0  # the longest time that anything was given after its purge

    async def purge(self, gateway):
        begun = time.time()
        told = await asyncio.to_thread(gateway.purge)
        self.purges.append((begun, time.time()))
        return told

    def note(self, outcome, how, asked, took, made):
        self.times.append(took)
        if outcome == "200":
            late = [asked - ended for begun, ended in self.purges if made < begun and ended < asked]
            if late:
                self.oldest = max(self.oldest, *late)
            if late and max(late) > PURGE_WITHIN + SLACK:
                outcome = "purged"
        self.outcomes[outcome] += 1
        self.how[how] += 1

    def percentile(self, share):
        return sorted(self.times)[int(len(self.times) * share)] * 1000 if self.times else 0


class Client:
    def __init__(self, port, ledger):
        self.port, self.ledger, self.stopping = port, ledger, False

    async def run(self):
        connection = None
        while not self.stopping:
            asked = time.time()
            resource = random.randrange(RESOURCES)
            try:
                connection = connection or await Connection.open(self.port)
                async with asyncio.timeout(30):
                    connection.write(http1.head(f"/api/made?r={resource}"))
                    answer = await connection.answer()
            except (OSError, *outcomes.FAILURES) as failure:
                self.ledger.note(outcomes.of_failure(failure), "", asked, time.time() - asked, 0)
                connection = None
                continue
            outcome, made = self.judge(answer, resource)
            self.ledger.note(outcome, self.how(answer), asked, time.time() - asked, made)
            if not answer.keeps:
                connection = None
            await asyncio.sleep(0.001)
        if connection:
            connection.close()

    @staticmethod
    def judge(answer, resource):
        found = re.fullmatch(rb"((\d+) ([\d.]+) x*) (\d+)", bytes(answer.body))
        if answer.status != 200:
            return str(answer.status), 0
        if not found or int(found[2]) != resource or zlib.crc32(found[1]) != int(found[4]):
            return "broken", 0
        return "200", float(found[3])

    @staticmethod
    def how(answer):
        status = answer.fields.get("cache-status", "")
        return "redis" if "detail=redis" in status and "hit" in status else "memory" if "; hit" in status else "php"


OUTAGES = [
    ("none", lambda redis: None, lambda redis: None),
    ("CLIENT PAUSE for 7 s", lambda redis: redis.command("CLIENT", "PAUSE", "7000", "ALL"), lambda redis: None),
    ("SIGSTOP", Redis.halt, Redis.go_on),
    ("kill -9, started again at the end", Redis.kill, Redis.start),
    ("full (maxmemory, noeviction)", lambda redis: redis.command("CONFIG", "SET", "maxmemory", "1mb"),
     lambda redis: redis.command("CONFIG", "SET", "maxmemory", "0")),
    ("all connections cut", lambda redis: (redis.command("CLIENT", "KILL", "TYPE", "normal"), redis.command("CLIENT", "KILL", "TYPE", "pubsub")),
     lambda redis: None),
    ("FLUSHALL", lambda redis: redis.command("FLUSHALL"), lambda redis: None),
]


async def outage(name, begin, end, redis, gateways, ledger, args, tell):
    ledger.begin()
    await asyncio.to_thread(begin, redis)
    told = [await ledger.purge(gateways[0])]
    await asyncio.sleep(args.seconds / 4)
    told.append(await ledger.purge(gateways[1]))
    await asyncio.sleep(args.seconds * 3 / 4)
    breaker = ", ".join(sorted({gateway.shared().get("breaker", "?") for gateway in gateways}))
    state = ", ".join(sorted({gateway.shared().get("state", "?") for gateway in gateways}))
    await asyncio.to_thread(end, redis)
    back = await until(lambda: all(gateway.is_in_step() for gateway in gateways), IN_STEP_WITHIN, step=0.1)
    told.append(await ledger.purge(gateways[0]))
    await asyncio.sleep(1)
    answers = sum(ledger.outcomes.values())
    bad = answers - ledger.outcomes["200"]
    seen = "; ".join(f"{outcome}: {count}" for outcome, count in sorted(ledger.outcomes.items()) if outcome != "200") or "0"
    ok = bad == 0 and back is not None
    tell(f"| {name} | {answers:,} | {ledger.how['memory']:,} / {ledger.how['redis']:,} / {ledger.how['php']:,} | {seen} | {ledger.oldest:.1f} s "
         f"| {ledger.percentile(0.5):.1f} / {ledger.percentile(0.99):.1f} / {max(ledger.times) * 1000:.0f} ms "
         f"| {state}; {breaker} | {', '.join(map(str, told))} | {'not in time' if back is None else f'{back:.1f} s'} | {'PASS' if ok else 'FAIL'} |")
    return ok


async def run(args, directory, tell):
    with Redis(directory) as redis, Gateway(args, directory, "one", redis) as one, Gateway(args, directory, "other", redis) as other:
        gateways, ledger = [one, other], Ledger()
        await until(lambda: all(gateway.is_in_step() for gateway in gateways), IN_STEP_WITHIN, step=0.1)
        clients = [Client(gateway.port, ledger) for gateway in gateways for _ in range(args.connections // 2)]
        tasks = [asyncio.create_task(client.run()) for client in clients]
        await asyncio.sleep(2)
        tell("\n| outage | answers | from memory / Redis / PHP | failed, broken, purged for too long | given after its purge, at most | time: median / p99 / longest "
             "| state during it | purges: one, other, afterwards | back in step after | |\n| --- | ---: | --- | --- | ---: | --- | --- | --- | ---: | --- |")
        passed = True
        for name, begin, end in OUTAGES:
            passed = await outage(name, begin, end, redis, gateways, ledger, args, tell) and passed
        for client in clients:
            client.stopping = True
        await asyncio.gather(*tasks)
        for gateway in gateways:
            seen = gateway.shared()
            tell(f"\n{gateway.name}: " + ", ".join(f"{key} {json.dumps(seen.get(key))}" for key in ("lookups", "stores", "purgesTold", "purgesHeard", "losses")))
        return passed


def main():
    args = arguments()
    directory = scratch()
    tell = report.Report()
    tell(f"# Outages of Redis under two gateways that share their kept answers\n\n{report.command()}, {report.machine(args, ('redis-server', '--version'))}. "
         f"{args.connections} clients, {RESOURCES} resources, `relais.cache.redis.purge-within={PURGE_WITHIN}s`. Everything is purged when the outage "
         f"begins, a quarter later through the other gateway, and after it. What a gateway that is cut off gives may have been purged for "
         f"{PURGE_WITHIN} s, and {SLACK} s are added for the tick and the machine.")
    passed = asyncio.run(run(args, directory, tell))
    tell(f"\n**{'PASS' if passed else 'FAIL'}**")
    if args.seconds >= ENOUGH:
        tell.write("cacheoutage")
    sys.exit(not passed)


if __name__ == "__main__":
    main()
