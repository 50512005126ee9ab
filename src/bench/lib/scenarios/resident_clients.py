"""Clients of src/bench/resident-ledger: each request has a number, and they remember of each what became of it and when."""

import asyncio
import collections
import contextlib
import time
from dataclasses import dataclass

from clients import http1, http2, outcomes
from clients.connection import Connection

PATIENCE = 25  # seconds for an answer
AGAIN = 0.05  # seconds after a connection that was not made


@dataclass
class Asked:
    """One request. `begun` and `ended` are of this machine's clock that knows no leaps."""

    number: int
    path: str
    begun: float
    ended: float = 0
    outcome: str = ""
    body: bytes = b""

    def __str__(self):
        return f"{self.path} at {self.begun:.3f} for {self.ended - self.begun:.3f} s: {self.outcome} {self.body[:150] if self.outcome != '200' else ''}"


class Clients:
    """`path` gives that of a number. All that they do is in `good` and `bad`, unless `keeps` is false: then only what is bad."""

    def __init__(self, path, pause, keeps=True):
        self.path, self.pause, self.keeps = path, pause, keeps
        self.asked, self.stopping = 0, False
        self.good, self.bad, self.outcomes = [], [], collections.Counter()

    @contextlib.asynccontextmanager
    async def asking(self, port, by1, by2, streams):
        tasks = [asyncio.create_task(by_http1(self, port)) for _ in range(by1)]
        tasks += [asyncio.create_task(by_http2(self, port, streams)) for _ in range(by2)]
        try:
            yield
        finally:
            self.stopping = True
            await asyncio.gather(*tasks)

    def next(self):
        self.asked += 1
        return Asked(self.asked, self.path(self.asked), time.monotonic())

    async def over(self, asked, outcome, body=b""):
        asked.ended, asked.outcome, asked.body = time.monotonic(), outcome, body
        self.outcomes[outcome] += 1
        if outcome != "200":
            self.bad.append(asked)
        elif self.keeps:
            self.good.append(asked)
        await asyncio.sleep(self.pause)


async def by_http1(clients, port):
    while not clients.stopping:
        try:
            connection = await Connection.open(port)
        except OSError:
            await asyncio.sleep(AGAIN)
            continue
        keep = True
        while keep and not clients.stopping and not connection.ended:
            asked = clients.next()
            try:
                async with asyncio.timeout(PATIENCE):
                    connection.write(http1.head(asked.path))
                    answer = await connection.answer()
            except outcomes.FAILURES as failure:
                keep = False
                await clients.over(asked, outcomes.of_failure(failure))
            else:
                keep = answer.keeps
                await clients.over(asked, str(answer.status), bytes(answer.body))
        connection.close()


async def by_http2(clients, port, streams):
    while not clients.stopping:
        try:
            connection = await http2.Connection.open(port)
        except OSError:
            await asyncio.sleep(AGAIN)
            continue
        await asyncio.gather(*(by_stream(clients, connection) for _ in range(streams)))
        connection.close()


async def by_stream(clients, connection):
    """One stream after the other, while the connection takes more."""
    while connection.usable and not clients.stopping:
        asked = clients.next()
        try:
            async with asyncio.timeout(PATIENCE):
                status, body = await connection.answer(connection.start("GET", asked.path))
        except outcomes.FAILURES as failure:
            await clients.over(asked, outcomes.of_failure(failure))
        else:
            await clients.over(asked, str(status), body)
