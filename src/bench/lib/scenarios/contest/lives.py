"""What is seen of a server outside of its load: its start, its idle CPU, and its memory."""

import contextlib
import math
import socket
import time

from clients.blocking import get
from scenarios.contest.workloads import HELLO
from servers import spent

LOOKS = 0.002  # seconds between two looks at a port
STARTS_WITHIN = 60  # seconds
SLICE = 0.5  # seconds
LOADED = 8  # seconds of load after the start
FIRST = 2  # seconds of it that the goal is about
FULL = 0.95  # of full speed is full


def await_open(server):
    """Until its port takes a connection."""
    while True:
        with contextlib.suppress(OSError), socket.create_connection((server.address, server.port), timeout=1):
            return
        wait(server)


def wait(server):
    if any(process.poll() is not None for process in server.processes) or time.monotonic() > server.began + STARTS_WITHIN:
        raise RuntimeError(f"{server.name} does not start: see {server.home}")
    time.sleep(LOOKS)


def start(field, entrant, warm_server):
    """One start, and the load at once after it; full speed is that of the server that has been up all the while, a moment later."""
    server = entrant.make(field.directory, f"{entrant.name}-fresh")
    server.prepare()
    try:
        server.began = time.monotonic()
        server.start()
        await_open(server)
        opened = time.monotonic() - server.began
        while server.get(HELLO)[0] != 200:
            wait(server)
        answered = time.monotonic() - server.began
        while server.management and get(server.management, "/q/health/ready")[0] != 200:
            wait(server)
        ready = time.monotonic() - server.began
        seen = field.generator.run(server, HELLO, field.connections, LOADED, slice=round(1000 * SLICE))
    finally:
        server.stop()
    full = field.generator.run(warm_server, HELLO, field.connections, FIRST)
    rates = [count / SLICE for count in seen["slices"][:round(LOADED / SLICE)]]  # the last may be a piece of one
    return started(opened, answered, ready, rates, 1e6 * full["requests"] / full["micros"])


def started(opened, answered, ready, rates, full):
    """One row. `rates`: answers/s in each slice of the load."""
    first = rates[:round(FIRST / SLICE)]
    fast = [number for number, rate in enumerate(rates) if rate >= FULL * full]
    return {
        "port open s": opened,
        "first PHP answer s": answered,
        "ready s": ready,
        "first 2 s, requests/s": sum(first) / max(1, len(first)),
        "full speed, requests/s": full,
        "first 2 s, of full speed": sum(first) / max(1, len(first)) / full if full else 0,
        "full speed after s": fast[0] * SLICE if fast else math.nan,
    }


def idle(servers, seconds):
    """{name: row} of CPU, all at the same time."""
    before = {server.name: spent.exact_cpu(server) for server in servers}
    began = time.monotonic()
    time.sleep(seconds)
    rows = {}
    for server in servers:
        front, php = (after - b for after, b in zip(spent.exact_cpu(server), before[server.name]))
        took = time.monotonic() - began
        rows[server.name] = {"front % of a core": 100 * front / took, "PHP % of a core": 100 * php / took}
    return rows


def memory(server, before, loaded):
    """One row. `before` and `loaded`: what spent.memory said when it had started, and after the load that asks for hello."""
    after = spent.memory(server)
    return {"front MiB before the first request": before[0], "front MiB after the load": loaded[0], "front MiB after all workloads": after[0],
            "PHP MiB before the first request": before[1], "PHP MiB after the load": loaded[1], "PHP MiB after all workloads": after[1]}
