"""Heads that do not end, or are as large as may be."""

import asyncio

from clients import frames, hpack
from clients.http1 import head
from scenarios.attack_cases.attack import GREETING, HELLO, attack, http2_head, unfinished

KIB = 1024
SLEEP = "/api/sleep?ms=10000"
PAUSE = 0.05  # seconds between two pieces


def in_two_frames(stream, block, first_flags, last_flags):
    """A block in HEADERS and CONTINUATION."""
    return frames.frame(frames.HEADERS, first_flags, stream, block[:16_000]) + frames.frame(frames.CONTINUATION, last_flags, stream, block[16_000:])


@attack("15,000 unfinished heads of 29 KB", 15_000)
async def heads(peer):
    await peer.send(unfinished() + b"X-A: " + b"a" * 29_000)


@attack("15,000 unfinished heads of 7,000 fields", 15_000)
async def fields(peer):
    await peer.send(unfinished() + b"a:\r\n" * 7_000)


@attack("15,000 heads that come in pieces of 1 KB", 15_000)
async def pieces(peer):
    await peer.send(unfinished())
    for number in range(29):
        if not await peer.send(f"X-{number}: ".encode() + b"a" * KIB + b"\r\n"):
            return
        await asyncio.sleep(PAUSE)


@attack("15,000 unfinished trailers of 29 KB behind a chunked body", 15_000)
async def trailers(peer):
    await peer.send(head(HELLO, "Transfer-Encoding: chunked", method="POST") + b"1\r\nx\r\n0\r\nX-A: " + b"a" * 29_000)


@attack("1,000 requests of 29 KB in the queue, an unfinished head behind each", 1_000)
async def waiting(peer):
    fields = [f"X-{number}: {'a' * 140}" for number in range(190)]
    await peer.send(head(SLEEP, *fields) + unfinished() + b"X-A: " + b"a" * 29_000)


@attack("2,000 HTTP/2 connections with an unfinished header block of 30 KB", 2_000)
async def continuation(peer):
    block = hpack.block(*http2_head("GET", HELLO, ("x-a", "a" * 30_000)))
    await peer.send(GREETING + in_two_frames(1, block, 0, 0))


@attack("200 HTTP/2 connections x 100 streams with heads of 28 KB", 200)
async def http2_heads(peer):
    await peer.send(GREETING)
    for stream in range(1, 201, 2):
        block = hpack.block(*http2_head("GET", SLEEP, *((f"x-{number}", "a" * 140) for number in range(180))))
        if not await peer.send(in_two_frames(stream, block, frames.END_STREAM, frames.END_HEADERS)):
            return


ATTACKS = [heads, fields, pieces, trailers, waiting, continuation, http2_heads]
