"""Clients that each ask again as soon as they have their answer."""

import asyncio
import collections
import time

from clients import http1, outcomes
from clients.connection import Connection
from clients.http1 import Broken, Cut

AGAIN = 0.02  # seconds after a connection that was refused
REFUSED_FOR = 1.0  # seconds that a client of Flood waits after a refusal


class Load:
    """Clients with one request at a time on a kept connection, which account for every request: see outcomes.

    An answer with status 200 may be wrong, and then its outcome is what the check says. `refused` counts connections that
    were not made; no request was sent on them.

    `request` gives the next path and a check of the body (None, or a function that returns None or what is wrong)."""

    def __init__(self, port, connections, request, timeout=30, end_when_refused=False, pause=0):
        self.port, self.connections, self.request, self.timeout = port, connections, request, timeout
        self.end_when_refused = end_when_refused
        self.pause = pause  # seconds, of each client after each answer
        self.sent = self.refused = 0
        self.outcomes = collections.Counter()
        self.last = {}  # when an outcome, or "refused", was last and first seen
        self.first = {}
        self.slowest = 0.0
        self.stopping = False

    async def __aenter__(self):
        self.tasks = [asyncio.create_task(self.client()) for _ in range(self.connections)]
        return self

    async def __aexit__(self, *_):
        """Lets every request that was sent come to its end."""
        self.stopping = True
        await asyncio.gather(*self.tasks)

    @property
    def failures(self):
        return self.sent - self.outcomes["200"]

    def note(self, outcome):
        self.last[outcome] = time.monotonic()
        self.first.setdefault(outcome, self.last[outcome])

    async def client(self):
        while not self.stopping:
            try:
                connection = await Connection.open(self.port)
            except OSError:
                self.refused += 1
                self.note("refused")
                if self.end_when_refused:
                    return
                await asyncio.sleep(AGAIN)
                continue
            try:
                await self.converse(connection)
            finally:
                connection.close()

    async def converse(self, connection):
        keep = True
        while keep and not self.stopping and not connection.ended:
            path, check = self.request()
            self.sent += 1
            begin = time.monotonic()
            outcome, keep = await self.exchange(connection, path, check)
            self.slowest = max(self.slowest, time.monotonic() - begin)
            self.outcomes[outcome] += 1
            self.note(outcome)
            if self.pause:
                await asyncio.sleep(self.pause)

    async def exchange(self, connection, path, check):
        """The outcome of one request, and whether the connection stays."""
        try:
            async with asyncio.timeout(self.timeout):
                connection.write(http1.head(path))
                answer = await connection.answer()
        except outcomes.FAILURES as failure:
            return outcomes.of_failure(failure), False
        wrong = check(bytes(answer.body)) if check and answer.status == 200 else None
        return wrong or str(answer.status), answer.keeps


class Flood:
    """Clients that do not check their answers. A refused one waits for a second, whatever the server and its
    Retry-After, so that a server that refuses does not get more load than one that answers."""

    def __init__(self, port, path, connections):
        self.port, self.path, self.connections = port, path, connections
        self.outcomes = collections.Counter()

    async def __aenter__(self):
        self.tasks = [asyncio.create_task(self.client()) for _ in range(self.connections)]
        return self

    async def __aexit__(self, *_):
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def client(self):
        while True:
            connection = None
            try:
                connection = await Connection.open(self.port)
                await self.converse(connection)
            except (OSError, Cut, Broken):
                self.outcomes["broken off"] += 1
                await asyncio.sleep(REFUSED_FOR)
            finally:
                if connection:
                    connection.close()

    async def converse(self, connection):
        keep = True
        while keep:
            connection.write(http1.head(self.path))
            answer = await connection.answer()
            keep = answer.keeps
            self.outcomes[str(answer.status)] += 1
            if answer.status != 200:
                await asyncio.sleep(REFUSED_FOR)
