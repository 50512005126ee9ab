"""One attack of src/bench/attacks: what an anonymous client sends, over and over, until its time is over."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from clients import frames
from clients.http1 import head

HELLO = "/api/hello"
GREETING = frames.PREFACE + frames.settings()
WINDOW_ZERO = frames.PREFACE + frames.settings((frames.FIRST_WINDOW, 0))


class Peer(asyncio.Protocol):
    """One connection; of what it reads nothing is kept, and one that does not read leaves it to the kernel's buffers."""

    def __init__(self, reads):
        self.reads, self.gone, self.room = reads, asyncio.get_running_loop().create_future(), asyncio.Event()
        self.room.set()

    def connection_made(self, transport):
        self.transport = transport
        if not self.reads:
            transport.pause_reading()

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
    """`act` is run on `connections` connections at once, anew whenever one of them is closed."""

    name: str
    connections: int
    act: Callable  # of a Peer; the connection is held until the end, or until the gateway closes it
    reads: bool = True  # a peer that does not read cannot see a connection closed until it writes
    config: tuple = ()
    tls: bool = False


def attack(name, connections, **options):
    """Makes an attack of a coroutine."""
    return lambda act: Attack(name, connections, act, **options)


def unfinished():
    """The head of a request up to its last line."""
    return head(HELLO)[:-2]


def http2_head(method, path, *more):
    """The fields of a request with a short authority."""
    return frames.request_fields(method, path, *more, authority="a")
