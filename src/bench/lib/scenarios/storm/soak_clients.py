"""The clients of soak: each way of asking, over HTTP/1.1, h2c and TLS h2."""

import asyncio
import collections
import ssl
import time

from clients import frames, hpack, http1
from clients.connection import IDLE_SECONDS, Connection, Kept
from clients.http2 import Connection as Http2Connection
from judging.ledger import Request
from scenarios.storm import mix
from scenarios.storm.clients import Aborted, Clients
from scenarios.storm.ways import FAREWELL, Asked, draw_function, draw_way

PROTOCOLS = {"http/1.1": 2, "h2c": 1, "h2": 1}  # and their shares
NARROW = 16_384  # bytes: a slow reader's receive buffer, and of what it reads at a time
STREAMS = 8  # at a time on a connection
PIECES_PAUSE = 0.3  # seconds between two pieces of a head
CLOSED_WITHIN = 0.1  # seconds
CUT_OFF = 10  # bytes of a head that is not sent whole


class SoakClients(Clients):
    """`ways` counts how often each way was taken over each protocol."""

    def __init__(self, ports, cert, dice):
        super().__init__(dice)
        self.ports = ports
        self.tls = ssl.create_default_context(cafile=cert)
        self.tls.check_hostname = False
        self.tls.set_alpn_protocols(["h2"])
        self.kept, self.http2 = Kept(ports["http/1.1"]), {"h2c": [], "h2": []}
        self.ways = collections.Counter()

    async def finish(self):
        await super().finish()
        await asyncio.sleep(CLOSED_WITHIN)

    def close(self):
        self.kept.close()
        for pool in self.http2.values():
            for connection, _ in pool:
                connection.close()
            pool.clear()

    async def next(self):
        dice = self.dice
        protocol = dice.choices(list(PROTOCOLS), list(PROTOCOLS.values()))[0]
        way = draw_way(dice)
        function = draw_function(dice, way)
        request = Request(f"s{self.sent + 1}", function.name, 0, idempotent=function.idempotent)
        request.note = f"{protocol}, {way},"
        request.half = way in ("aborts in its head", "aborts in its body")
        self.note(request)
        self.ways[f"{protocol}: {way}"] += 1
        asked = Asked(request, way, mix.query(dice, function), dice)
        exchange = self.over_http1(asked) if protocol == "http/1.1" else self.over_http2(asked, protocol)
        await self.account(request, exchange, asked.expected)

    async def over_http1(self, asked):
        narrow = asked.read_rate or asked.aborts
        connection = await (Connection.open(self.kept.port, NARROW) if narrow else self.kept.take())
        keep = False
        try:
            length = [f"Content-Length: {len(asked.body)}"] if asked.body else []
            head = http1.head(asked.path, *length, method=asked.method)
            if asked.way == "aborts in its head":
                connection.write(head[:-CUT_OFF])
                await asyncio.sleep(asked.patience)
                raise Aborted
            await send(connection, head, asked.head_pieces)
            if asked.body:
                await send_body(connection, asked.body[:asked.body_sent], asked.write_rate)
            if asked.way == "goes with half a second request":
                connection.write(FAREWELL)
            if asked.aborts:
                await asked.leave(connection)
            if asked.read_rate:
                answer = await connection.answer(piece=NARROW, pause=lambda size: size / asked.read_rate)
            else:
                answer = await connection.answer()
                keep = answer.keeps and not narrow
            return answer.status, bytes(answer.body)
        finally:
            self.kept.give_back(connection, keep)

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
                await asked.leave(stream)
            return await connection.answer(stream, asked.read_rate)
        finally:
            connection.cancel(stream)

    def open(self, protocol):
        return Http2Connection.open(self.ports[protocol], self.tls if protocol == "h2" else None)

    async def half_headers(self, asked, protocol):
        """On a connection of its own, as the rest of the header block would have to come next on it."""
        connection = await self.open(protocol)
        try:
            block = hpack.block(*frames.request_fields(asked.method, asked.path))
            connection.write(frames.frame(frames.HEADERS, 0, 1, block))  # without END_HEADERS
            await asyncio.sleep(asked.patience)
            raise Aborted
        finally:
            connection.close()

    async def stream_connection(self, protocol):
        """One with room for a stream; the others of its streams go on, whatever becomes of this one."""
        pool = self.http2[protocol]
        now = time.monotonic()
        for place, (connection, used) in enumerate(pool):
            if not connection.streams and now - used >= IDLE_SECONDS:
                connection.close()
            elif connection.usable and len(connection.streams) < STREAMS:
                pool[place] = connection, now
                return connection
        pool[:] = [(connection, used) for connection, used in pool if connection.usable and not connection.closed]
        connection = await self.open(protocol)
        pool.append((connection, now))
        return connection


async def send(connection, data, pieces):
    step = -(-len(data) // pieces)
    for at in range(0, len(data), step):
        if at:
            await asyncio.sleep(PIECES_PAUSE)
        connection.write(data[at:at + step])


async def send_body(connection, body, rate):
    """At so many bytes a second; None: at once."""
    step = NARROW if rate else max(1, len(body))
    for at in range(0, len(body), step):
        piece = body[at:at + step]
        connection.write(piece)
        await connection.drain()
        if rate:
            await asyncio.sleep(len(piece) / rate)
