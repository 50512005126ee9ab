"""Clients that want too much."""

import time

from clients.blocking import Client
from scenarios.hostile_cases.case import Case, request
from scenarios.hostile_cases.framing import POST

POINT = "6: greedy clients"
CROWD = 300  # connections, of which 200 are allowed
SETTLES = 0.5  # seconds
LOOK = 0.002  # seconds for each connection


def crowd(server):
    clients = [Client(server.port) for _ in range(CROWD)]
    time.sleep(SETTLES)
    try:
        for client in clients:
            client.read(LOOK)
        return f"{sum(client.closed for client in clients)} of {CROWD} closed at once"
    finally:
        for client in clients:
            client.close()


CASES = [
    Case(POINT, "header of 10,000 bytes", request("X-A: " + "a" * 10000), "200", why="the limit is 32 KiB in all"),
    Case(POINT, "header of 40,000 bytes", request("X-A: " + "a" * 40000), "431 problem, closed"),
    Case(POINT, "100 fields of 500 bytes", request(*(f"X-{i}: " + "a" * 500 for i in range(100))), "431 problem, closed"),
    Case(POINT, "300 small fields", request(*(f"X-{i}: 1" for i in range(300))), "431 problem, closed", why="nginx counts bytes only"),
    Case(POINT, "5,000 times the same field", request(*("A: 1" for i in range(5000))), "431 problem, closed", why="nginx counts bytes only"),
    Case(POINT, "body over the limit, announced", request("Content-Length: 2000000", **POST) + b"a" * 1000, "413 problem, closed"),
    Case(POINT, "body over the limit, chunked", request("Transfer-Encoding: chunked", **POST) + b"186a0\r\n" + b"a" * 100000 + b"\r\n"
         + b"f4240\r\n" + b"a" * 1000000 + b"\r\n0\r\n\r\n", "413 problem, closed"),
    Case(POINT, "body over the limit, asked for", request("Content-Length: 2000000", "Expect: 100-continue", **POST), "413 problem, closed"),
    Case(POINT, "unknown expectation", request("Expect: nonsense"), "200"),
    Case(POINT, "50 requests at once on a connection", request() * 50, " + ".join(["200"] * 50), shown="50 times `GET /api/show`"),
    Case(POINT, "300 connections", b"", "100 of 300 closed at once", act=crowd, shown="300 times `connect`, limit 200",
         why="nginx' limit is `worker_connections`, 12,000 here"),
]
