"""The load of a soak: each way of asking, over HTTP/1.1, h2c and TLS h2, and the clients' ledger."""

import asyncio
import collections
import hashlib
import json
import socket
import ssl
import time

import chaosload
import http2
import load
import wire
from judge import Request

PROTOCOLS = {"http/1.1": 2, "h2c": 1, "h2": 1}

# The function, its share of the requests, its usual milliseconds of waiting, and whether it is idempotent.
MIX = [
    ("brief", 36, 10, False),
    ("run", 14, 60, False),
    ("again", 14, 40, True),
    ("stream", 8, 60, False),
    ("upload", 8, 20, False),
    ("pipe", 5, 20, False),
    ("late", 6, 60, False),
    ("big", 5, 0, False),
    ("job", 4, 20, False),
]
BODIES = (2_000, 60_000, 400_000, 1_200_000)  # relais.http.body-memory is 256 KiB
KIBIBYTES = (20, 300, 900)  # of an answer of big: within memory, and in the spool

# What a client does, as a share of all requests. The rest asks and takes its answer.
WAYS = {
    "aborts in its head": 0.005,
    "aborts in its body": 0.01,
    "aborts while it waits": 0.015,
    "aborts in its answer": 0.01,
    "goes with half a second request": 0.005,
    "writes its head slowly": 0.01,
    "writes its body slowly": 0.01,
    "reads slowly": 0.015,
}
WITH_BODY = ("upload", "pipe")
SLOW_WRITER, SLOW_READER = 300_000, 150_000  # bytes/s; both far above the least rates of the gateway
SLOW_SECONDS = 2.0  # at the most of a slow body, as one that is streamed counts into its function's time limit
NARROW = 16_384  # a slow reader's window of a stream, and its receive buffer
STREAMS = 8  # at a time on a connection
TIMEOUT = 30


class Clients:
    """Sends at Poisson instants on as many connections as that takes. Every request ends in exactly one outcome."""

    def __init__(self, ports, cert, dice):
        self.ports, self.dice = ports, dice
        self.tls = ssl.create_default_context(cafile=cert)
        self.tls.check_hostname = False
        self.tls.set_alpn_protocols(["h2"])
        self.requests, self.tasks, self.sent = [], set(), 0
        self.idle, self.http2 = [], {"h2c": [], "h2": []}
        self.ways = collections.Counter()

    async def offer(self, rate, until):
        """So many requests a second until the loop's time `until`."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while (due := due + self.dice.expovariate(rate)) < until:
            if (pause := due - loop.time()) > 0:
                await asyncio.sleep(pause)
            self.tasks.add(task := asyncio.create_task(self.ask()))
            task.add_done_callback(self.tasks.discard)

    async def finish(self):
        """Every request comes to its end, and no connection stays."""
        while self.tasks:
            await asyncio.wait(set(self.tasks))
        for _, writer, _ in self.idle:
            writer.transport.abort()
        for connection, _ in [c for pool in self.http2.values() for c in pool]:
            connection.close()
        self.idle.clear()
        for pool in self.http2.values():
            pool.clear()
        await asyncio.sleep(0.1)

    def take(self):
        """The ledger up to now; it begins anew."""
        requests, self.requests = self.requests, []
        return requests

    async def ask(self):
        dice = self.dice
        protocol = dice.choices(list(PROTOCOLS), list(PROTOCOLS.values()))[0]
        way = dice.choices([*WAYS, "asks"], [*WAYS.values(), 1 - sum(WAYS.values())])[0]
        function, _, millis, idempotent = dice.choices(MIX, [share for _, share, _, _ in MIX])[0]
        if way in ("aborts in its head", "aborts in its body", "writes its body slowly") and function not in WITH_BODY:
            function, millis, idempotent = "upload", 20, False
        if way == "aborts in its head":
            function = "upload"  # of which the judge knows that nothing may start
        if way in ("reads slowly", "aborts in its answer", "goes with half a second request"):
            function, millis, idempotent = "big", 0, False
        self.sent += 1
        request = Request(f"s{self.sent}", function, time.time(), idempotent=idempotent)
        request.note = f"{protocol}, {way},"
        request.half = way in ("aborts in its head", "aborts in its body")
        self.requests.append(request)
        self.ways[f"{protocol}: {way}"] += 1
        asked = Asked(request, way, f"ms={round(millis * dice.uniform(0.5, 1.5))}", dice)
        exchange = self.over_http1 if protocol == "http/1.1" else self.over_http2
        try:
            async with asyncio.timeout(TIMEOUT):
                status, answer = await exchange(asked, protocol)
            request.outcome = status
            if status == "200":
                request.right = answer == asked.expected
            elif answer.startswith(b"{"):
                request.problem = json.loads(answer).get("type", "").removeprefix("urn:relais:problem:")
        except Aborted:
            request.outcome = "aborted"
        except TimeoutError:
            request.outcome = "timeout"
        except http2.Gone as end:
            request.outcome = "cut" if end.begun else f"gone: {end}"
        except asyncio.IncompleteReadError as end:
            request.outcome = "cut" if end.partial else "unanswered"
        except (load.Broken, ValueError, asyncio.LimitOverrunError):
            request.outcome = "broken"
        except ConnectionError:
            request.outcome = "reset"
        except OSError:
            request.outcome = "refused"
        request.ended = time.time()

    async def over_http1(self, asked, _):
        reader, writer = await self.connection(asked)
        keep = False
        try:
            head = f"{asked.method} {asked.path} HTTP/1.1\r\nHost: localhost\r\n"
            if asked.body:
                head += f"Content-Length: {len(asked.body)}\r\n"
            if asked.way == "aborts in its head":
                writer.write(head[:-10].encode())
                await asyncio.sleep(asked.patience)
                raise Aborted
            await send(writer, head.encode() + b"\r\n", asked.head_pieces)
            if asked.body:
                await send_body(writer, asked.body[:asked.body_sent], asked.write_rate)
            if asked.way == "goes with half a second request":
                writer.write(b"POST /api/chaos/upload?id=never HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhal")
            if asked.aborts:
                await asked.leave(reader, writer)
            if asked.read_rate:
                status, answer, keep = *await read_slowly(reader, asked.read_rate), False
            else:
                status, answer, keep = await load.answer(reader)
            return status, answer
        finally:
            if keep:
                self.idle.append((reader, writer, time.monotonic()))
            else:
                writer.transport.abort()

    async def connection(self, asked):
        if asked.read_rate or asked.aborts:
            sock = socket.socket()
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, NARROW)
            sock.setblocking(False)
            await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", self.ports["http/1.1"]))
            return await asyncio.open_connection(sock=sock, limit=NARROW)
        while self.idle:
            reader, writer, since = self.idle.pop()
            if time.monotonic() - since < chaosload.IDLE_SECONDS and not load.ended(writer.get_extra_info("socket")._sock):
                return reader, writer
            writer.transport.abort()
        return await asyncio.open_connection("127.0.0.1", self.ports["http/1.1"])

    async def over_http2(self, asked, protocol):
        if asked.way == "aborts in its head":
            await self.half_headers(asked, protocol)
        connection = await self.stream_connection(protocol)
        stream = connection.start(asked.method, asked.path, len(asked.body) if asked.body else None)
        try:
            if asked.body:
                whole = asked.body_sent == len(asked.body)
                await connection.send(stream, asked.body[:asked.body_sent], whole, asked.write_rate)
            if asked.aborts:
                await asked.leave_stream(connection, stream)
            return await connection.answer(stream, asked.read_rate)
        finally:
            connection.cancel(stream)

    async def half_headers(self, asked, protocol):
        """On a connection of its own, as the rest of the header block would have to come next on it."""
        connection = await http2.Connection.open(self.ports[protocol], self.tls if protocol == "h2" else None)
        try:
            head = wire.fields((":method", asked.method), (":scheme", "http"), (":path", asked.path), (":authority", "localhost"))
            connection.write(wire.frame(wire.HEADERS, 0, 1, head))  # without END_HEADERS
            await asyncio.sleep(asked.patience)
            raise Aborted
        finally:
            connection.close()

    async def stream_connection(self, protocol):
        """One with room for a stream; the others of its streams go on, whatever becomes of this one."""
        pool = self.http2[protocol]
        now = time.monotonic()
        for place, (connection, used) in enumerate(pool):
            if not connection.streams and now - used >= chaosload.IDLE_SECONDS:
                connection.close()
            elif connection.usable and len(connection.streams) < STREAMS:
                pool[place] = connection, now
                return connection
        pool[:] = [(c, used) for c, used in pool if c.usable and not c.writer.transport.is_closing()]
        connection = await http2.Connection.open(self.ports[protocol], self.tls if protocol == "h2" else None)
        pool.append((connection, now))
        return connection


class Aborted(Exception):
    """The client has gone on purpose."""


class Asked:
    """What one client does, drawn before it begins."""

    def __init__(self, request, way, query, dice):
        self.request, self.way = request, way
        name = request.function
        kib = dice.choice(KIBIBYTES[1:] if way != "asks" else KIBIBYTES)
        self.body = dice.randbytes(dice.choice(BODIES)) if name in WITH_BODY else None
        self.method = "POST" if self.body else "GET"
        self.path = f"/api/chaos/{name}?id={request.id}&{query}" + (f"&kib={kib}" if name == "big" else "")
        self.body_sent = len(self.body) // 2 if way == "aborts in its body" else len(self.body or b"")
        self.aborts = way.startswith("aborts") or way.startswith("goes")
        self.head_pieces = 3 if way == "writes its head slowly" else 1
        self.write_rate = max(SLOW_WRITER, len(self.body) / SLOW_SECONDS) if way == "writes its body slowly" else None
        self.read_rate = SLOW_READER if way == "reads slowly" else None
        self.patience = dice.uniform(0, 0.2)
        if self.read_rate:
            request.slow = kib * 1024 / SLOW_READER + 5
        self.expected = self.answer(kib)

    def answer(self, kib):
        """Byte by byte."""
        if self.request.function == "big":
            return hashlib.md5(self.request.id.encode()).hexdigest().encode() * 32 * kib + f"{self.request.id} done\n".encode()
        return chaosload.expected(self.request, self.body)

    async def leave(self, reader, writer):
        """Goes at the instant that its way says."""
        if self.way == "aborts in its answer" or self.way.startswith("goes"):
            await reader.readuntil(b"\r\n\r\n")
        elif self.way == "aborts while it waits":
            await asyncio.sleep(self.patience)
        raise Aborted

    async def leave_stream(self, connection, stream):
        if self.way == "aborts in its answer" or self.way.startswith("goes"):
            while stream.status is None and not stream.ended:
                stream.changed.clear()
                await stream.changed.wait()
        elif self.way == "aborts while it waits":
            await asyncio.sleep(self.patience)
        raise Aborted


async def send(writer, data, pieces):
    step = -(-len(data) // pieces)
    for at in range(0, len(data), step):
        if at:
            await asyncio.sleep(0.3)
        writer.write(data[at:at + step])


async def send_body(writer, body, rate):
    if not rate:
        writer.write(body)
        await writer.drain()
        return
    for at in range(0, len(body), http2.FRAME):
        piece = body[at:at + http2.FRAME]
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(len(piece) / rate)


async def read_slowly(reader, rate):
    """(status, body) of an answer in chunks or with its length, at so many bytes a second."""
    paced = Paced(reader, rate)
    status, body, _ = await load.answer(paced)
    return status, body


class Paced:
    """A reader that takes its time for what is long."""

    def __init__(self, reader, rate):
        self.reader, self.rate = reader, rate
        self.readuntil, self.read = reader.readuntil, reader.read

    async def readexactly(self, size):
        whole = bytearray()
        while len(whole) < size:
            piece = await self.reader.readexactly(min(NARROW, size - len(whole)))
            whole += piece
            await asyncio.sleep(len(piece) / self.rate)
        return bytes(whole)
