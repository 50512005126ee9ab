"""Clients that are slow, or stop in the middle."""

import time

from clients.blocking import FIRST_BYTE, Client
from clients.http1 import answers
from scenarios.hostile_cases.case import Case, request, told_of_all
from scenarios.hostile_cases.framing import POST

POINT = "6: slow clients"
EVERY = 0.25  # seconds between two pieces
MOST = 12.0  # seconds that a client goes on
STEPS = (4, 8, 12)  # seconds: within which of these a connection was closed is told
READS_NOTHING = 8  # seconds
SMALL_BUFFER = 4096  # bytes that may wait for a client that does not read


def slow(name, expected, sent, drip=b"", why="", shown=""):
    """Sends the bytes, and then a piece again and again until the other side closes."""
    def act(server):
        with Client(server.port) as client:
            client.send(sent)
            began, data = time.monotonic(), b""
            while not client.closed and time.monotonic() - began < MOST:
                if drip:
                    client.send(drip)
                data += client.read(EVERY)
            seconds = time.monotonic() - began
            told = told_of_all(server, answers(data))
            within = next((step for step in STEPS if seconds < step), STEPS[-1])
            return told + (f", closed within {within} s" if client.closed else f", open after {MOST:.0f} s")

    return Case(POINT, name, sent, expected, why=why, act=act, shown=shown)


def reader(name, expected, size):
    """Asks for an answer of so many bytes and reads nothing for eight seconds."""

    def act(server):
        with Client(server.port, receive_buffer=SMALL_BUFFER) as client:
            client.send(request(target=f"/api/emit?bytes={size}"))
            time.sleep(READS_NOTHING)
            taken = len(client.read(2))
            return ("broken off" if taken < size / 2 else "whole") + (", closed" if client.closed else ", open")

    return Case(POINT, name, b"", expected, act=act, shown=f"`GET /api/emit?bytes={size}`")


def idle(server):
    """A second request on a connection that was quiet for a second, well below the idle time."""
    with Client(server.port) as client:
        client.send(request())
        client.read(1.0, first=FIRST_BYTE)
        client.send(request())
        return told_of_all(server, answers(client.read(first=FIRST_BYTE)))


CASES = [
    slow("silent from the start", "no answer, closed within 4 s", b"", shown="nothing"),
    slow("half a request line", "no answer, closed within 4 s", b"GET /api/sh"),
    slow("head that does not end", "no answer, closed within 4 s", b"GET /api/show HTTP/1.1\r\nHost: localhost\r\n"),
    slow("head, a byte each 250 ms", "no answer, closed within 4 s", b"GET /api/show HTTP/1.1\r\nX-A: ", b"a"),
    slow("head, a field each 250 ms", "no answer, closed within 4 s", b"GET /api/show HTTP/1.1\r\n", b"X-A: 1\r\n"),
    slow("HTTP/2 preface cut", "no answer, closed within 4 s", b"PRI * HTTP/2.0\r\n\r\n"),
    slow("silent after an answer", "200, closed within 4 s", request()),
    slow("second head, a byte each 250 ms", "200, closed within 4 s", request() + b"GET /api/show HTTP/1.1\r\nX-A: ", b"a"),
    slow("body that stops", "408 problem, closed within 8 s", request("Content-Length: 10", **POST) + b"abc"),
    slow("body, a byte each 250 ms", "408 problem, closed within 8 s", request("Content-Length: 1000000", **POST), b"a",
         why="nginx waits as long as each byte comes in time: 69 hours here"),
    slow("chunks, a byte each 250 ms", "408 problem, closed within 8 s", request("Transfer-Encoding: chunked", **POST), b"1\r\na\r\n", why="as above"),
    reader("answer never read", "broken off, closed", 40_000_000),
    Case(POINT, "quiet for a second between two requests", b"", "200", act=idle, shown="`GET`, one second, `GET`"),
]
