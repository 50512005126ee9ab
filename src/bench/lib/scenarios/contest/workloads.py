"""What is asked of every server, and what is seen of one turn."""

import math
from typing import Callable, NamedTuple

from clients.generator import h2load
from clients.wrk import wrk
from servers import spent

HELLO = "/api/hello?name=Ada"
RATES = (2_000, 5_000, 9_000, 13_000)  # requests/s of the open loop, on a machine on which nginx serves FULL_SPEED
FULL_SPEED = 20_400  # requests/s of nginx in the closed loop, where the table was made
OPEN_CONNECTIONS = 256
OPEN_PATIENCE = 5  # seconds
CROWDS = (1_000, 4_000)  # connections
COMPUTES = 5  # ms of CPU, for the function that computes
KIB, MIB = 1 << 10, 1 << 20
NONE = math.nan
COLUMNS = ("requests/s", "p50 ms", "p99 ms", "p99.9 ms", "over 2 ms %", "non-200", "lost", "front us", "PHP us", "client us", "sent late p99 ms")
COUNTED = ("non-200", "lost")  # columns that are sums over the rounds
LOST = ("connect_errors", "read_errors", "timeouts", "stalled", "unopened", "socket_errors", "errors")  # of what the clients say


class Field(NamedTuple):
    """Where a run takes place."""

    directory: object
    generator: object
    within: list         # words before a client's command line
    connections: int     # of the closed loop
    rounds_of_compute: int
    speed: float         # of this machine, as a share of FULL_SPEED; at most 1

    def scaled(self, rate):
        return round(rate * self.speed)

    def closed(self, server, path, seconds):
        if not hasattr(server, "port"):  # PHP-FPM alone: a connection for each child
            return self.generator.run(server, path.partition("?")[2], server.share, seconds)
        return wrk(server.port, path, self.connections, seconds, server.address, self.within)


class Workload(NamedTuple):
    """`load(field, server, seconds)` gives what a client says. `tail`: there are twice as many rounds, because a p99 of one says little."""

    name: str
    words: str
    load: Callable
    tail: bool = False
    bare: bool = False  # PHP-FPM without a front can take part
    plain: bool = False  # it asks for hello on few connections; memory is measured after these


def opened(rate):
    return Workload(f"open-{rate}", f"open loop, {rate:,} requests/s times the machine's speed, {OPEN_CONNECTIONS} connections",
                    lambda field, server, seconds: field.generator.run(server, HELLO, OPEN_CONNECTIONS, seconds, rate=field.scaled(rate),
                                                                       patience=OPEN_PATIENCE),
                    tail=True, plain=True)


def crowd(connections):
    return Workload(f"crowd-{connections}", f"closed loop, {connections:,} connections",
                    lambda field, server, seconds: field.generator.run(server, HELLO, connections, seconds))


def posted(name, words, size, connections):
    return Workload(name, f"{words}, {connections} connections",
                    lambda field, server, seconds: field.generator.run(server, "/api/count", connections, seconds, body=size))


def answer(name, words, size):
    return Workload(name, words, lambda field, server, seconds: field.closed(server, f"/api/emit?bytes={size}", seconds))


CLOSED = Workload("closed", "closed loop, hello", lambda field, server, seconds: field.closed(server, HELLO, seconds), bare=True, plain=True)
WORKLOADS = [
    CLOSED,
    *map(opened, RATES),
    *map(crowd, CROWDS),
    Workload("cpu", f"{COMPUTES} ms of CPU per run",
             lambda field, server, seconds: field.closed(server, f"/api/compute?rounds={field.rounds_of_compute}", seconds)),
    posted("post-1k", "POST of 1 KiB", KIB, 64),
    posted("post-1m", "POST of 1 MiB", MIB, 16),
    Workload("connect", "a connection per request, 64 clients",
             lambda field, server, seconds: field.generator.run(server, HELLO, field.connections, seconds, close=True)),
    answer("answer-64k", "answers of 64 KiB", 64 * KIB),
    answer("answer-1m", "answers of 1 MiB", MIB),
    Workload("h2load-5000", "the open loop of 5,000 requests/s by h2load, whose latencies count from the sending",
             lambda field, server, seconds: h2load(server, HELLO, OPEN_CONNECTIONS, seconds, field.scaled(5_000), field.directory,
                                                  field.within)),
]


def turn(workload, field, server, seconds):
    """One turn of one server, by the names of COLUMNS."""
    before = spent.cpu(server)
    seen = workload.load(field, server, seconds)
    front, php = (after - b for after, b in zip(spent.cpu(server), before))
    answers = max(1, seen["requests"] + (seen["not_ok"] if "slow" in seen else 0))  # wrk counts all among its requests
    good = seen["requests"] if "slow" in seen else seen["requests"] - seen["not_ok"]
    kinds = {name: seen[name] for name in LOST if seen.get(name)}
    lost = sum(kinds.values())
    return {
        "requests/s": 1e6 * good / seen["micros"],
        "p50 ms": seen["p50"] / 1e3 if good else math.inf,
        "p99 ms": seen["p99"] / 1e3 if good else math.inf,
        "p99.9 ms": seen["p999"] / 1e3 if good else math.inf,
        "over 2 ms %": 100 * seen.get("slow", NONE),
        "non-200": seen["not_ok"],
        "lost": lost,
        "errors": seen["not_ok"] + lost,
        "lost by kind": kinds,
        "front us": 1e6 * front / answers,
        "PHP us": 1e6 * php / answers,
        "client us": seen.get("cpu", NONE) / answers,
        "sent late p99 ms": seen.get("late_p99", NONE) / 1e3,
    }
