"""The load of a chaos run, and the clients' ledger."""

import asyncio
import hashlib
import json
import time

import load
from judge import Request

# The function, its share of the requests, its usual milliseconds of waiting, and whether it is idempotent.
MIX = [
    ("brief", 40, 10, False),
    ("run", 20, 100, False),
    ("again", 20, 50, True),
    ("stream", 8, 120, False),
    ("upload", 5, 20, False),
    ("pipe", 3, 20, False),
    ("late", 4, 60, False),
]
MEAN_MILLIS = sum(share * millis for _, share, millis, _ in MIX) / sum(share for _, share, _, _ in MIX)
POISONS = ["segv", "memory", "recursion", "output", "exit", "loop"]
ABORTED, HALVES = 0.04, 0.2  # of all requests; of the uploads among those
IDLE_SECONDS = 20  # after that a connection is not used again: the gateway's own limit must not hit a request


class Clients:
    """Sends at Poisson instants, whatever has become of the requests before, on as many kept connections as that takes."""

    def __init__(self, port, dice, timeout=30):
        self.port, self.dice, self.timeout = port, dice, timeout
        self.requests, self.tasks, self.idle = [], set(), []

    async def offer(self, rate, until):
        """So many requests a second until the loop's time `until`."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while (due := due + self.dice.expovariate(rate)) < until:
            if (pause := due - loop.time()) > 0:
                await asyncio.sleep(pause)
            self.start(self.ordinary())

    def ordinary(self):
        dice = self.dice
        function, _, millis, idempotent = dice.choices(MIX, [share for _, share, _, _ in MIX])[0]
        body = dice.randbytes(dice.choice((2_000, 60_000, 400_000))) if function in ("upload", "pipe") else None
        request = Request(self.next_id(), function, 0, idempotent=idempotent)
        give_up = None
        if dice.random() < ABORTED:
            request.half = body is not None and dice.random() < HALVES
            give_up = dice.uniform(0, 0.2)
        return self.exchange(request, f"ms={round(millis * dice.uniform(0.5, 1.5))}", body, give_up)

    def poison(self, how):
        self.start(self.exchange(Request(self.next_id(), f"poison/{how}", 0, poison=True)))

    def next_id(self):
        return f"r{len(self.requests) + 1}"

    def start(self, exchange):
        self.tasks.add(task := asyncio.create_task(exchange))
        task.add_done_callback(self.tasks.discard)

    async def finish(self):
        """Every request comes to its end, and no connection stays."""
        while self.tasks:
            await asyncio.wait(set(self.tasks))
        for _, writer, _ in self.idle:
            writer.close()
        self.idle.clear()

    async def connection(self):
        while self.idle:
            reader, writer, since = self.idle.pop()
            if time.monotonic() - since < IDLE_SECONDS and not load.ended(writer.get_extra_info("socket")._sock):
                return reader, writer
            writer.close()
        return await asyncio.open_connection("127.0.0.1", self.port)

    def exchange(self, request, query="", body=None, give_up=None):
        """Notes the request at once, so that none is forgotten."""
        self.requests.append(request)
        request.sent = time.time()
        return self.run(request, query, body, give_up)

    async def run(self, request, query, body, give_up):
        writer, keep = None, False
        limit = self.timeout if give_up is None else give_up
        try:
            async with asyncio.timeout(limit):
                reader, writer = await self.connection()
                request.sent = time.time()
                head = f"{'POST' if body else 'GET'} /api/chaos/{request.function}?id={request.id}&{query} HTTP/1.1\r\nHost: localhost\r\n"
                if body:
                    head += f"Content-Length: {len(body)}\r\n"
                writer.write(head.encode() + b"\r\n" + (body[:len(body) // 2] if request.half else body or b""))
                if request.poison:
                    request.outcome, answer, keep = *await slowly(reader), False
                else:
                    request.outcome, answer, keep = await load.answer(reader)
            self.read(request, body, answer)
        except TimeoutError:
            request.outcome = "timeout" if give_up is None else "aborted"
        except asyncio.IncompleteReadError as end:
            request.outcome = "cut" if end.partial else await load.Load.read_or_not(writer.get_extra_info("socket"))
        except (load.Broken, ValueError, asyncio.LimitOverrunError):
            request.outcome = "broken"
        except ConnectionError:
            request.outcome = "reset" if writer else "refused"
        except OSError:
            request.outcome = "refused"
        request.ended = time.time()
        if keep:
            self.idle.append((reader, writer, time.monotonic()))
        elif writer:
            writer.transport.abort()

    @staticmethod
    def read(request, body, answer):
        if request.outcome == "200":
            request.right = answer == expected(request, body)
        elif answer.startswith(b"{"):
            request.problem = json.loads(answer).get("type", "").removeprefix("urn:relais:problem:")


async def slowly(reader):
    """(status, the first bytes of the body), read in pieces with pauses: some of these answers have no end."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    _, announced, rest = head.partition("content-length:")
    if announced:
        return head[9:12], await load.after_head(reader.readexactly(int(rest.split()[0])))
    body = last = b""
    while piece := await reader.read(65536):
        body, last = body or piece, (last + piece)[-5:]
        if last == b"0\r\n\r\n":
            return head[9:12], body
        await asyncio.sleep(0.05)
    raise asyncio.IncompleteReadError(body, None)


def expected(request, body):
    """What the function of this request answers, byte by byte. One poison answers at all."""
    if request.poison:
        return f"{request.id} half\n".encode()
    pieces = "".join(f"{request.id} piece {n}\n" for n in range(5)) if request.function == "stream" else ""
    return f"{pieces}{request.id} {f'{hashlib.md5(body).hexdigest()} ' if body else ''}done\n".encode()
