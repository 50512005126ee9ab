"""Mixed load on a resident function for minutes: is all as at the start? A part of src/bench/resident-ledger."""

import asyncio
import collections
import hashlib
import random
import statistics
import time

from clients import http1, outcomes
from clients.connection import Connection, Kept
from judging.verdict import Verdict
from reports.checks import until
from scenarios.resident_server import CHILDREN, descriptors_of
from servers import memory, processes
from servers.memory import MIB, collect

WAYS = {"": 70, "post": 10, "upload": 6, "finish": 5, "exit": 4, "fatal": 2, "slow": 2, "abort": 1}  # of a hundred requests
WANTED = {"fatal": "500"}  # the other ones: 200
BOUNDARY = "relais"
WARM, QUIET = 30, 4  # seconds: of load before the start counts, and after which nothing runs
BUSIEST = 200  # requests at a time, behind which the clients are late
MORE_HEAP, MORE_RSS, MORE_CHILD, MORE_SOCKETS, MORE_FILES = 16 * MIB, 48 * MIB, 6 * MIB, 0, 8
LOOKS = 20  # at descriptors, of which the JVM has some for an instant


def request(way, dice):
    """(bytes, the wanted body or None)"""
    if way == "post":
        body = dice.randbytes(dice.choice((10, 1000, 100_000)))
        return head("POST", way, len(body)) + body, hashlib.md5(body).hexdigest()
    if way == "upload":
        content = dice.randbytes(dice.choice((10, 20_000, 200_000)))
        body = (f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'.encode() + content
                + f"\r\n--{BOUNDARY}--\r\n".encode())
        return head("POST", way, len(body), f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n") + body, hashlib.md5(content).hexdigest()
    if way == "abort":
        return http1.head("/api/mixed?way=slow"), None
    return http1.head(f"/api/mixed?way={way}"), {"": "ok", "exit": "exit", "finish": "finish"}.get(way)


def head(method, way, length, more=""):
    return f"{method} /api/mixed?way={way} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n{more}\r\n".encode()


class Mixed:
    def __init__(self, server, args):
        self.server, self.rate, self.dice = server, args.rate, random.Random(args.seed)
        self.kept, self.ways, self.outcomes, self.faults, self.late = Kept(server.port), collections.Counter(), collections.Counter(), [], 0
        self.running = set()

    async def offer(self, seconds):
        begin, sent = time.monotonic(), 0
        while (now := time.monotonic()) < begin + seconds:
            while sent < (now - begin) * self.rate:
                sent += 1
                if len(self.running) >= BUSIEST:
                    self.late += 1
                    continue
                task = asyncio.create_task(self.one(self.dice.choices(list(WAYS), WAYS.values())[0]))
                self.running.add(task)
                task.add_done_callback(self.running.discard)
            await asyncio.sleep(0.005)
        await asyncio.gather(*self.running)

    async def one(self, way):
        self.ways[way or "plain"] += 1
        data, body = request(way, self.dice)
        connection, keep = None, False
        try:
            async with asyncio.timeout(30):
                connection = await self.kept.take()
                connection.write(data)
                if way == "abort":
                    await asyncio.sleep(self.dice.uniform(0, 0.1))
                    connection.abort()
                    return
                answer = await connection.answer()
            outcome, keep = str(answer.status), answer.keeps
            if outcome == "200" and body is not None and bytes(answer.body).decode(errors="replace") != body:
                outcome = f"200 with {bytes(answer.body[:100])!r}"
        except outcomes.FAILURES as failure:
            outcome = outcomes.of_failure(failure)
        if connection:
            self.kept.give_back(connection, keep)
        self.outcomes[outcome[:12]] += 1
        if outcome != WANTED.get(way, "200"):
            self.faults.append(f"{time.strftime('%H:%M:%S')} {way or 'plain'}: {outcome}")


def holdings(server):
    """What gateway and children hold when nothing runs."""
    for _ in range(2):
        collect(server)
    below = [c for m in server.masters() if set(server.pids("mixed")) & {c.pid for c in server.children(m)} for c in server.children(m)]
    found = min((processes.descriptors(server.gateway.pid) for _ in range(LOOKS)), key=collections.Counter.total)
    return memory.held(server) | {
        "descriptors": found,
        "children": [memory.private(c.pid) for c in below],
        "of children": descriptors_of(below),
        "slots": sum(child["state"] == "idle" for worker in server.workers("mixed") for child in worker["children"]),
    }


async def at_rest(mixed):
    """What is held when no client is connected."""
    server = mixed.server
    mixed.kept.close()
    await asyncio.sleep(QUIET)
    await until(lambda: sum(child["state"] == "idle" for worker in server.workers("mixed") for child in worker["children"])
                == CHILDREN["mixed"], 20, 0.2)
    return await asyncio.to_thread(holdings, server)


async def run(server, args):
    mixed = Mixed(server, args)
    await mixed.offer(min(WARM, args.minutes * 20))
    start = await at_rest(mixed)
    asked, began, pids, over = sum(mixed.ways.values()), time.monotonic(), set(), asyncio.Event()

    async def watch():
        while not over.is_set():
            pids.update(await asyncio.to_thread(server.pids, "mixed"))
            await asyncio.sleep(1)

    watching = asyncio.create_task(watch())
    await mixed.offer(args.minutes * 60)
    over.set()
    await watching
    minutes = (time.monotonic() - began) / 60
    return judge(mixed, start, await at_rest(mixed), sum(mixed.ways.values()) - asked, minutes, pids)


def judge(mixed, start, end, asked, minutes, pids):
    def row(what, seen, faulty):
        return Verdict(what, seen, [seen] if faulty else [])

    children = [statistics.median(held["children"] or [0]) for held in (start, end)]
    before, after = start["descriptors"], end["descriptors"]
    ways = ", ".join(f"{way}: {n:,}" for way, n in sorted(mixed.ways.items()))
    outcomes = ", ".join(f"{o}: {n:,}" for o, n in sorted(mixed.outcomes.items()))
    return [
        Verdict("each request had the answer of its way", f"{asked:,} requests in {minutes:.1f} minutes, {mixed.late:,} not sent because"
                f" {BUSIEST} ran; {ways}; outcomes {outcomes}", mixed.faults),
        row("processes were recycled meanwhile", f"{len(pids)} processes were seen", len(pids) <= CHILDREN["mixed"]),
        row("the gateway's memory is as at the start", f"heap after a collection {start['heap'] / MIB:.1f} MiB, {end['heap'] / MIB:.1f} at the end;"
            f" resident {start['rss'] / MIB:.0f} MiB, {end['rss'] / MIB:.0f} at the end",
            end["heap"] > start["heap"] + MORE_HEAP or end["rss"] > start["rss"] + MORE_RSS),
        row("a child's private memory is, too", f"median {children[0] / MIB:.1f} MiB, {children[1] / MIB:.1f} at the end", children[1] > children[0] + MORE_CHILD),
        row("so are the gateway's descriptors", f"{dict(before)}, {dict(after)} at the end",
            after["socket"] > before["socket"] + MORE_SOCKETS or after.total() > before.total() + MORE_FILES),
        row("and those of the children", f"{start['of children']}, {end['of children']} at the end",
            max(end["of children"], default=0) > max(start["of children"], default=0) + 1),
        row("every slot is free", f"{end['slots']} of {start['slots']}", end["slots"] != CHILDREN["mixed"] or end["spool"]),
    ]
