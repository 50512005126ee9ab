"""What the clients of a storm have in common: when they send, and the ledger of what became of each request."""

import asyncio
import json
import time

from clients import outcomes

TIMEOUT = 30  # seconds
PROBLEM = "urn:relais:problem:"


class Aborted(Exception):
    """The client has gone on purpose."""


class Clients:
    """Sends at Poisson instants, whatever has become of the requests before. Every request ends in exactly one outcome: see
    clients.outcomes; "aborted" is one that its client has given up on purpose.

    A subclass says what is asked next (`next`) and which connections it closes in the end (`close`)."""

    def __init__(self, dice):
        self.dice = dice
        self.requests, self.tasks, self.sent = [], set(), 0

    async def offer(self, rate, until):
        """So many requests a second until the loop's time `until`."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while (due := due + self.dice.expovariate(rate)) < until:
            if (pause := due - loop.time()) > 0:
                await asyncio.sleep(pause)
            self.start(self.next())

    def start(self, exchange):
        self.tasks.add(task := asyncio.create_task(exchange))
        task.add_done_callback(self.tasks.discard)

    async def finish(self):
        """Every request comes to its end, and no connection stays."""
        while self.tasks:
            await asyncio.wait(set(self.tasks))
        self.close()

    def note(self, request):
        """Writes the outcome down at once, so that none is lost."""
        self.sent += 1
        self.requests.append(request)
        request.sent = time.time()

    def take(self):
        """The ledger up to now; it begins anew."""
        requests, self.requests = self.requests, []
        return requests

    async def account(self, request, exchange, expected):
        """Awaits (status, body) of a request that is noted, and notes its outcome."""
        try:
            async with asyncio.timeout(TIMEOUT):
                status, body = await exchange
            request.outcome = str(status)
            if status == 200:
                request.right = body == expected
            elif body.startswith(b"{"):
                request.problem = json.loads(body).get("type", "").removeprefix(PROBLEM)
        except Aborted:
            request.outcome = "aborted"
        except ValueError:  # a problem that is no JSON
            request.outcome = "broken"
        except outcomes.FAILURES as failure:
            request.outcome = outcomes.of_failure(failure)
        request.ended = time.time()
