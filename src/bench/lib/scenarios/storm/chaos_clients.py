"""The clients of chaos: kept connections of HTTP/1.1, clients that hang up, and poison."""

import asyncio
import time

from clients import http1
from clients.connection import Kept
from judging.ledger import Request
from scenarios.storm import mix
from scenarios.storm.clients import Aborted, Clients

ABORTED, HALVES = 0.04, 0.2  # of all requests; of those with a body among them
PATIENCE = 0.2  # seconds at the most until a client hangs up
BODIES = (2_000, 60_000, 400_000)  # bytes
POISON_KEPT = 65_536  # bytes of a poison's answer: some have no end
POISON_PAUSE = 0.05  # seconds between two pieces of it


class ChaosClients(Clients):
    def __init__(self, port, dice):
        super().__init__(dice)
        self.kept = Kept(port)

    def close(self):
        self.kept.close()

    def next(self):
        dice = self.dice
        function = mix.draw(dice, mix.CHAOS)
        body = dice.randbytes(dice.choice(BODIES)) if function.name in mix.WITH_BODY else None
        request = Request(self.next_id(), function.name, 0, idempotent=function.idempotent)
        give_up = None
        if dice.random() < ABORTED:
            request.half = body is not None and dice.random() < HALVES
            give_up = dice.uniform(0, PATIENCE)
        return self.asking(request, mix.query(dice, function), body, give_up)

    def poison(self, how):
        self.start(self.asking(Request(self.next_id(), f"poison/{how}", 0, poison=True)))

    def next_id(self):
        return f"r{self.sent + 1}"

    def asking(self, request, query="", body=None, give_up=None):
        """Notes the request, and gives what asks it. `give_up`: seconds until its client hangs up."""
        self.note(request)
        exchange = self.exchange(request, query, body)
        return self.account(request, exchange if give_up is None else giving_up(exchange, give_up), mix.expected(request, body))

    async def exchange(self, request, query, body):
        connection, keep = await self.kept.take(), False
        try:
            request.sent = time.time()
            length = [f"Content-Length: {len(body)}"] if body else []
            head = http1.head(f"/api/chaos/{request.function}?id={request.id}&{query}", *length, method="POST" if body else "GET")
            connection.write(head + (body[:len(body) // 2] if request.half else body or b""))
            if request.poison:
                answer = await connection.answer(POISON_KEPT, pause=lambda _: POISON_PAUSE)
            else:
                answer = await connection.answer()
                keep = answer.keeps
            return answer.status, bytes(answer.body)
        finally:
            self.kept.give_back(connection, keep)


async def giving_up(exchange, seconds):
    try:
        async with asyncio.timeout(seconds):
            return await exchange
    except TimeoutError:
        raise Aborted from None
