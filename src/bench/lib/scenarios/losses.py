"""A worker loses its master or its children, or a function is replaced, under load: three scenarios of src/bench/resilience."""

import asyncio
import random
import time

from clients.blocking import get
from clients.closed_loop import Load
from reports.checks import Checks, took, until
from scenarios.releases import Versions
from servers import processes

BEFORE = 2  # seconds of load before a master is killed, and after that until the end
BACK_WITHIN = 2  # seconds, until a new master is there with all its children
FOUND_WITHIN = 1.1  # seconds, until a new function is found
KILLED, KILLED_WITHIN = 40, 15  # children, and seconds
LONG_PAUSE = 3  # seconds before each tenth replacement, so that opcache has kept the file
SHORT_PAUSE = 0.05, 0.4  # seconds, at random, before the others
SLEEPERS = 0.1  # of the requests of mixed()
SLEEPS = (50, 200, 400)  # ms


def mixed():
    """Short and longer requests, so that at every instant some are running."""
    dice = random.Random(7)
    return lambda: (f"/api/sleep?ms={dice.choice(SLEEPS)}" if dice.random() < SLEEPERS else "/api/hello", None)


async def master(kind, args, directory, tell):
    """A worker's master is killed in the middle of the load."""
    with kind(args, directory) as server:
        checks = Checks(tell, "master killed with SIGKILL", server)
        before = server.masters()
        victim, share = before[0], server.share

        def back():
            new = [m for m in server.masters() if m.key not in {b.key for b in before}]
            return new and len(server.children(new[0])) >= share

        async with Load(server.port, args.connections, mixed()) as clients:
            await asyncio.sleep(BEFORE)
            processes.kill([victim])
            returned = await until(back, 5)
            await asyncio.sleep(BEFORE)
            late = clients.last.get("502", 0) > time.monotonic() - 1
        checks.load(clients)
        lost = clients.outcomes["502"]
        checks.add("failures that are no 502", clients.failures - lost, 0, clients.failures == lost)
        checks.add("502", lost, f"at most {share}, the worker's children", lost <= share)
        checks.add("new master with all its children", took(returned), f"within {BACK_WITHIN} s",
                   returned is not None and returned <= BACK_WITHIN)
        checks.add("still failing 1 s before the end", "yes" if late else "no", "no", not late)
        return checks.passed


async def kills(kind, args, directory, tell):
    """Children are killed from outside, one every 0.375 s."""
    dice, wanted, seconds = random.Random(args.seed), KILLED, KILLED_WITHIN
    with kind(args, directory) as server:
        checks = Checks(tell, f"{wanted} children killed within {seconds} s", server)
        killed = 0
        async with Load(server.port, args.connections, lambda: ("/api/hello", None)) as clients:
            begin = time.monotonic()
            for number in range(wanted):
                await asyncio.sleep(max(0, begin + number * seconds / wanted - time.monotonic()))
                children = [child for master in server.masters() for child in server.children(master)]
                processes.kill([dice.choice(children)])
                killed += 1
            await asyncio.sleep(2)
        checks.load(clients)
        checks.add("children killed", killed, wanted, killed == wanted)
        checks.add("failed requests", clients.failures, f"at most {killed}, one for each", clients.failures <= killed)
        checks.add("503", clients.outcomes["503"], 0, not clients.outcomes["503"])
        return checks.passed


async def replace(kind, args, directory, tell):
    """A function's file is replaced again and again: quickly, and sometimes so slowly that opcache keeps the file."""
    dice = random.Random(args.seed)
    with kind(args, directory) as server:
        checks = Checks(tell, f"function replaced {args.replacements} times by rename", server)
        versions = Versions(server.functions)
        found = await until(lambda: get(server.port, "/api/version")[0] == 200, 5)
        checks.add("new function found", took(found), "within 1 s", found is not None and found <= FOUND_WITHIN)
        async with Load(server.port, 32, versions.request) as clients:
            for number in range(args.replacements):
                await asyncio.sleep(LONG_PAUSE if number % 10 == 9 else dice.uniform(*SHORT_PAUSE))
                versions.replace()
            await asyncio.sleep(0.5)
        checks.load(clients)
        checks.add("replacements", versions.current - 1)
        for what in ("mixed", "stale"):
            checks.add(f"{what} answers", clients.outcomes[what], 0, not clients.outcomes[what])
        checks.add("failures of any kind", clients.failures, 0, not clients.failures)
        return checks.passed
