"""Load: wrk for speed, and a client of our own that accounts for every single request."""

import asyncio
import collections
import contextlib
import json
import os
import pathlib
import socket
import subprocess
import time

TCP_CLOSE = 7  # linux/tcp_states.h: what the state is after an RST

REAL_TIME = ["chrt", "--fifo", "10"]
AHEAD = REAL_TIME if subprocess.run(REAL_TIME + ["true"], capture_output=True).returncode == 0 else []


def go_ahead():
    """Has this process run ahead of all others, where that is allowed, but not what it starts: see wrk."""
    with contextlib.suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_RR | os.SCHED_RESET_ON_FORK, os.sched_param(1))


def wrk(port, path, connections, seconds):
    """One run of wrk; its numbers as a dictionary, see wrk.lua.

    Ahead of all others where that is allowed: a client that stands in line for a core measures the scheduler and not the server. On
    2 cores with 16 PHP processes it stood there for up to 150 ms at a time, and those made the 99th percentile.
    """
    script = pathlib.Path(__file__).with_name("wrk.lua")
    command = AHEAD + ["wrk", "-t2", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(script),
               f"http://127.0.0.1:{port}{path}"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60)
    lines = [line for line in run.stdout.splitlines() if line.startswith("{")]
    if run.returncode or len(lines) != 1:
        raise RuntimeError(f"wrk failed ({run.returncode}): {run.stdout}{run.stderr}")
    return json.loads(lines[0])


def warm(port, path, connections, seconds):
    """Load in bursts of 3 s, in turns from all connections and from few.

    One long run would leave a JVM that was compiled for a queue that is never empty and a client that never ends: the first end throws
    that code away, and the measurement after it would be of the compiler (one 45 s run: 804 methods compiled again at its end).
    """
    for burst in range(max(1, round(seconds / 3))):
        wrk(port, path, connections if burst % 2 == 0 else max(2, connections // 16), 3)


def percentile(values, part):
    """The value below which this part of them is; nan when there is none."""
    return sorted(values)[min(len(values) - 1, int(part * len(values)))] if values else float("nan")


class Broken(Exception):
    """An answer that cannot be one."""


class Load:
    """Keep-alive clients, each with one request at a time. Every request ends in exactly one outcome of `outcomes`:

    "200", "404", ...  a complete answer with this status
    what the check said  a complete 200 answer that is wrong
    "unanswered"       the server read the request and closed the connection without a byte of an answer
    "cut"              the connection ended in the middle of an answer
    "reset"            the connection was reset before an answer: a server that closed it with the request unread
    "timeout"          no complete answer in time

    `refused` counts connections that were not made; no request was sent on them.

    A request written just when the server closes an idle connection is nobody's fault (RFC 9112 section 9.3.1) and is
    no "unanswered": Linux answers a request that reaches a closed socket, or lies unread in one being closed, with RST.

    `request` gives the next path and a check of the body (None, or a function that returns None or what is wrong)."""

    def __init__(self, port, connections, request, timeout=30, end_when_refused=False, pause=0):
        self.port, self.connections, self.request, self.timeout = port, connections, request, timeout
        self.end_when_refused = end_when_refused
        self.pause = pause  # seconds, of each client after each answer
        self.sent = self.refused = 0
        self.outcomes = collections.Counter()
        self.last = {}  # when an outcome, or "refused", was last and first seen
        self.first = {}
        self.slowest = 0.0
        self.stopping = False

    async def __aenter__(self):
        self.tasks = [asyncio.create_task(self.client()) for _ in range(self.connections)]
        return self

    async def __aexit__(self, *_):
        """Lets every request that was sent come to its end."""
        self.stopping = True
        await asyncio.gather(*self.tasks)

    @property
    def failures(self):
        return self.sent - self.outcomes["200"]

    def note(self, outcome):
        self.last[outcome] = time.monotonic()
        self.first.setdefault(outcome, self.last[outcome])

    async def client(self):
        while not self.stopping:
            sock = socket.socket()
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", self.port))
                reader, writer = await asyncio.open_connection(sock=sock)
            except OSError:
                sock.close()
                self.refused += 1
                self.note("refused")
                if self.end_when_refused:
                    return
                await asyncio.sleep(0.02)
                continue
            try:
                await self.converse(sock, reader, writer)
            finally:
                writer.close()

    async def converse(self, sock, reader, writer):
        keep = True
        while keep and not self.stopping and not ended(sock):
            path, check = self.request()
            self.sent += 1
            begin = time.monotonic()
            try:
                async with asyncio.timeout(self.timeout):
                    writer.write(b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n" % path.encode())
                    status, body, keep = await answer(reader)
                outcome = status
                if status == "200" and check:
                    outcome = check(body) or status
            except TimeoutError:
                outcome, keep = "timeout", False
            except ConnectionError:
                outcome, keep = "reset", False
            except asyncio.IncompleteReadError as end:
                outcome, keep = "cut" if end.partial else await self.read_or_not(sock), False
            except (Broken, ValueError, asyncio.LimitOverrunError):
                outcome, keep = "broken", False
            self.slowest = max(self.slowest, time.monotonic() - begin)
            self.outcomes[outcome] += 1
            self.note(outcome)
            if self.pause:
                await asyncio.sleep(self.pause)

    @staticmethod
    async def read_or_not(sock):
        """At the end of a connection without an answer: did the server read the request? An unread one brings an RST."""
        await asyncio.sleep(0.05)
        state = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
        return "reset" if state == TCP_CLOSE else "unanswered"


def ended(sock):
    """Whether the server has closed the connection: what is sent now would not be read."""
    try:
        return sock.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


async def answer(reader):
    """(status, body, whether the connection stays), when it is complete."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    if not head[0].startswith("HTTP/1.1 "):
        raise Broken(head[0])
    fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    if fields.get("transfer-encoding") == "chunked":
        body = await after_head(chunks(reader))
    elif "content-length" in fields:
        body = await after_head(reader.readexactly(int(fields["content-length"])))
    else:
        body = await reader.read()
        return head[0][9:12], body, False
    return head[0][9:12], body, fields.get("connection", "").lower() != "close"


async def after_head(rest):
    """What is missing now is missing in the middle of an answer."""
    try:
        return await rest
    except (ConnectionError, asyncio.IncompleteReadError):
        raise asyncio.IncompleteReadError(b"head", None) from None


async def chunks(reader):
    body = []
    while size := int(await reader.readuntil(b"\r\n"), 16):
        body.append(await reader.readexactly(size))
        if await reader.readexactly(2) != b"\r\n":
            raise Broken("chunk without its end")
    while await reader.readuntil(b"\r\n") != b"\r\n":
        pass
    return b"".join(body)
