"""The attacks of src/bench/attacks: what one anonymous client sends, over and over, until his time is over.

Each is a coroutine that is run on `connections` connections at once, anew whenever one of them is closed."""

import asyncio
import struct
from collections.abc import Callable
from dataclasses import dataclass

import wire

KIB = 1024
WINDOW_ZERO = wire.PREFACE + wire.frame(wire.SETTINGS, 0, 0, struct.pack(">HI", 4, 0))
GREETING = wire.PREFACE + wire.frame(wire.SETTINGS, 0, 0)


class Peer(asyncio.Protocol):
    """One connection that reads nothing unless told to."""

    def __init__(self, reads):
        self.reads, self.gone, self.room = reads, asyncio.get_running_loop().create_future(), asyncio.Event()
        self.room.set()
        self.received = 0

    def connection_made(self, transport):
        self.transport = transport
        if not self.reads:
            transport.pause_reading()

    def data_received(self, data):
        self.received += len(data)

    def pause_writing(self):
        self.room.clear()

    def resume_writing(self):
        self.room.set()

    def connection_lost(self, failure):
        self.room.set()
        if not self.gone.done():
            self.gone.set_result(None)

    async def send(self, data):
        """Whether the connection is still there."""
        if not self.transport.is_closing():
            self.transport.write(data)
            await self.room.wait()
        return not self.transport.is_closing()


@dataclass(frozen=True)
class Attack:
    name: str
    connections: int
    act: Callable  # of a Peer; the connection is held until the end, or until the gateway closes it
    reads: bool = True  # a peer that does not read cannot see a connection closed until he writes
    config: tuple = ()
    tls: bool = False


def head(target="/api/hello", method="GET", *lines):
    return "\r\n".join([f"{method} {target} HTTP/1.1", "Host: localhost", *lines, "", ""]).encode()


ATTACKS = []


def attack(name, connections, **options):
    def add(act):
        ATTACKS.append(Attack(name, connections, act, **options))
        return act
    return add


# --- heads ----------------------------------------------------------------------------------------------------------

@attack("15,000 unfinished heads of 29 KB", 15_000)
async def heads(peer):
    await peer.send(head()[:-2] + b"X-A: " + b"a" * 29_000)


@attack("15,000 unfinished heads of 7,000 fields", 15_000)
async def fields(peer):
    await peer.send(head()[:-2] + b"a:\r\n" * 7_000)


@attack("15,000 heads that come in pieces of 1 KB", 15_000)
async def pieces(peer):
    await peer.send(head()[:-2])
    for number in range(29):
        if not await peer.send(f"X-{number}: ".encode() + b"a" * KIB + b"\r\n"):
            return
        await asyncio.sleep(0.05)


@attack("15,000 unfinished trailers of 29 KB behind a chunked body", 15_000)
async def trailers(peer):
    await peer.send(head("/api/hello", "POST", "Transfer-Encoding: chunked") + b"1\r\nx\r\n0\r\nX-A: " + b"a" * 29_000)


@attack("1,000 requests of 29 KB in the queue, an unfinished head behind each", 1_000)
async def waiting(peer):
    fields = [f"X-{number}: {'a' * 140}" for number in range(190)]
    await peer.send(head("/api/sleep?ms=10000", "GET", *fields) + head()[:-2] + b"X-A: " + b"a" * 29_000)


@attack("2,000 HTTP/2 connections with an unfinished header block of 30 KB", 2_000)
async def continuation(peer):
    block = wire.fields((":method", "GET"), (":scheme", "http"), (":path", "/api/hello"), (":authority", "a"),
                        ("x-a", "a" * 30_000))
    await peer.send(GREETING + wire.frame(wire.HEADERS, 0, 1, block[:16_000]) + wire.frame(wire.CONTINUATION, 0, 1, block[16_000:]))


@attack("200 HTTP/2 connections x 100 streams with heads of 28 KB", 200)
async def http2_heads(peer):
    await peer.send(GREETING)
    for stream in range(1, 201, 2):
        block = wire.fields((":method", "GET"), (":scheme", "http"), (":path", "/api/sleep?ms=10000"), (":authority", "a"),
                            *((f"x-{number}", "a" * 140) for number in range(180)))
        frames = wire.frame(wire.HEADERS, 1, stream, block[:16_000]) + wire.frame(wire.CONTINUATION, 4, stream, block[16_000:])
        if not await peer.send(frames):
            return


# --- bodies ---------------------------------------------------------------------------------------------------------

@attack("1,500 bodies of 200 KB, half sent", 1_500)
async def half_bodies(peer):
    await peer.send(head("/api/count", "POST", "Content-Length: 200000") + b"x" * 100_000)


@attack("1,500 bodies of 200 KB, whole, for a function that sleeps", 1_500)
async def whole_bodies(peer):
    await peer.send(head("/api/sleep?ms=5000", "POST", "Content-Length: 200000") + b"x" * 200_000)


@attack("1,500 bodies of 10 MB, half sent", 1_500)
async def large_bodies(peer):
    await peer.send(head("/api/count", "POST", "Content-Length: 10000000"))
    for _ in range(50):
        if not await peer.send(b"x" * 100_000):
            return


@attack("40 HTTP/2 connections x 100 bodies of 200 KB, as far as they are taken", 40)
async def http2_small_bodies(peer):
    await peer.send(GREETING)
    for stream in range(1, 201, 2):
        await peer.send(post(stream, 200_000) + wire.frame(wire.DATA, 0, stream, b"x" * 600))


@attack("40 HTTP/2 connections with five bodies of 60 MB each, prior knowledge", 40)
async def http2_bodies(peer):
    await peer.send(GREETING)
    await five_bodies(peer, 1)


@attack("40 upgrades to h2c with five bodies of 60 MB each", 40, config=("relais.http.h2c-upgrade=true",))
async def upgraded_bodies(peer):
    await peer.send(head("/api/hello", "GET", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__")
                    + GREETING)
    await five_bodies(peer, 3)


@attack("1,500 streamed bodies of 10 MB, half sent", 1_500)
async def streamed_bodies(peer):
    await peer.send(head("/api/streamed", "POST", "Content-Length: 10000000"))
    for _ in range(50):
        if not await peer.send(b"x" * 100_000):
            return


def post(stream, length):
    return wire.request(stream, (":method", "POST"), (":scheme", "http"), (":path", "/api/count"), (":authority", "a"),
                        ("content-length", str(length)), end=False)


async def five_bodies(peer, first):
    """Without waiting for windows: what has no room in them is a fault of the client, and ends the connection."""
    streams = range(first, first + 10, 2)
    for stream in streams:
        await peer.send(post(stream, 60_000_000))
    for _ in range(3_600):
        for stream in streams:
            if not await peer.send(wire.frame(wire.DATA, 0, stream, b"x" * 16_000)):
                return


# --- answers --------------------------------------------------------------------------------------------------------

async def http2_streams(peer, path, count=100):
    await peer.send(WINDOW_ZERO)
    for number in range(count):
        if not await peer.send(wire.request(2 * number + 1, (":method", "GET"), (":scheme", "http"), (":path", path),
                                            (":authority", "a"))):
            return
        if number % 10 == 9:
            await asyncio.sleep(0.01)


@attack("40 HTTP/2 connections x 100 streams with answers of 120 KB and a window of 0", 40)
async def http2_answers(peer):
    await http2_streams(peer, "/api/emit?bytes=120000")


@attack("300 HTTP/2 connections x 100 streams with answers of 3 KB and a window of 0", 300)
async def http2_small_answers(peer):
    await http2_streams(peer, "/api/emit?bytes=3000")


@attack("300 HTTP/2 connections x 100 streams with a problem and a window of 0", 300)
async def http2_problems(peer):
    await http2_streams(peer, "/api/nothing")


@attack("100 HTTP/2 connections x 100 streams with a file of 1 MB and a window of 0", 100)
async def http2_files(peer):
    await http2_streams(peer, "/api/site/large.bin")


@attack("2,000 clients that read nothing of an answer of 1 MB", 2_000, reads=False)
async def slow_readers(peer):
    await peer.send(head("/api/emit?bytes=1000000"))


@attack("200 clients that pipeline 1,000 requests for 30 KB and read nothing", 200, reads=False)
async def pipelined(peer):
    for _ in range(10):
        if not await peer.send(head("/api/emit?bytes=30000") * 100):
            return


@attack("2,000 TLS handshakes and unfinished heads of 29 KB", 2_000, tls=True)
async def tls_heads(peer):
    await peer.send(head()[:-2] + b"X-A: " + b"a" * 29_000)


@attack("2,000 TLS connections that say nothing after the handshake", 2_000, tls=True)
async def tls_idle(peer):
    await peer.gone
