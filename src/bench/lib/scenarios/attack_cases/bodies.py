"""Bodies that do not end, or for which there is no room."""

from clients import frames
from clients.http1 import head
from scenarios.attack_cases.attack import GREETING, HELLO, attack, http2_head


def post(stream, length):
    return frames.request(stream, *http2_head("POST", "/api/count", ("content-length", str(length))), end=False)


async def five_bodies(peer, first):
    """Without waiting for windows: what has no room in them is a fault of the client, and ends the connection."""
    streams = range(first, first + 10, 2)
    for stream in streams:
        await peer.send(post(stream, 60_000_000))
    for _ in range(3_600):
        for stream in streams:
            if not await peer.send(frames.frame(frames.DATA, 0, stream, b"x" * 16_000)):
                return


async def half_of_ten_megabytes(peer, path):
    await peer.send(head(path, "Content-Length: 10000000", method="POST"))
    for _ in range(50):
        if not await peer.send(b"x" * 100_000):
            return


@attack("1,500 bodies of 200 KB, half sent", 1_500)
async def half_bodies(peer):
    await peer.send(head("/api/count", "Content-Length: 200000", method="POST") + b"x" * 100_000)


@attack("1,500 bodies of 200 KB, whole, for a function that sleeps", 1_500)
async def whole_bodies(peer):
    await peer.send(head("/api/sleep?ms=5000", "Content-Length: 200000", method="POST") + b"x" * 200_000)


@attack("1,500 bodies of 10 MB, half sent", 1_500)
async def large_bodies(peer):
    await half_of_ten_megabytes(peer, "/api/count")


@attack("40 HTTP/2 connections x 100 bodies of 200 KB, as far as they are taken", 40)
async def http2_small_bodies(peer):
    await peer.send(GREETING)
    for stream in range(1, 201, 2):
        await peer.send(post(stream, 200_000) + frames.frame(frames.DATA, 0, stream, b"x" * 600))


@attack("40 HTTP/2 connections with five bodies of 60 MB each, prior knowledge", 40)
async def http2_bodies(peer):
    await peer.send(GREETING)
    await five_bodies(peer, 1)


@attack("40 upgrades to h2c with five bodies of 60 MB each", 40, config=("relais.http.h2c-upgrade=true",))
async def upgraded_bodies(peer):
    await peer.send(head(HELLO, "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__") + GREETING)
    await five_bodies(peer, 3)


@attack("1,500 streamed bodies of 10 MB, half sent", 1_500)
async def streamed_bodies(peer):
    await half_of_ten_megabytes(peer, "/api/streamed")


ATTACKS = [half_bodies, whole_bodies, large_bodies, http2_small_bodies, http2_bodies, upgraded_bodies, streamed_bodies]
