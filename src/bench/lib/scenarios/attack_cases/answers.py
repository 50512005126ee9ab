"""Answers that nobody reads, and TLS."""

import asyncio

from clients import frames
from clients.http1 import head
from scenarios.attack_cases.attack import WINDOW_ZERO, attack, http2_head, unfinished

PAUSE = 0.01  # seconds after each tenth stream


async def http2_streams(peer, path, count=100):
    await peer.send(WINDOW_ZERO)
    for number in range(count):
        if not await peer.send(frames.request(2 * number + 1, *http2_head("GET", path))):
            return
        if number % 10 == 9:
            await asyncio.sleep(PAUSE)


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
    await peer.send(unfinished() + b"X-A: " + b"a" * 29_000)


@attack("2,000 TLS connections that say nothing after the handshake", 2_000, tls=True)
async def tls_idle(peer):
    await peer.gone


ATTACKS = [http2_answers, http2_small_answers, http2_problems, http2_files, slow_readers, pipelined, tls_heads, tls_idle]
