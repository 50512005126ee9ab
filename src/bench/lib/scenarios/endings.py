"""The gateway is asked to end, or is killed, under load: two scenarios of src/bench/resilience."""

import argparse
import asyncio
import collections
import os
import signal
import threading
import time

from clients.blocking import get
from clients.closed_loop import Load
from reports.checks import Checks, took, until
from scenarios.losses import mixed
from servers import processes

BEFORE = 2  # seconds of load
ENDS_WITHIN = 60  # seconds after SIGTERM
CLIENTS_END_WITHIN = 10  # seconds after that
GONE_WITHIN = 2  # seconds after SIGKILL, until nothing is left
SLEEPERS = 2  # scripts that have exec()ed `sleep`
SLEEP_WITHIN = 5  # seconds
SETTLES = 0.3  # seconds
JUST_BEFORE = {"alone": None, "master stopped": signal.SIGSTOP, "master killed": signal.SIGKILL}  # what happens to a master
LOOKS = 0.005  # seconds between two looks at readiness


async def term(kind, args, directory, tell):
    """The gateway is asked to end in the middle of the load."""
    # Between DOWN and the closed port, so that the order can be seen from outside.
    args = argparse.Namespace(**{**vars(args), "config": ["relais.shutdown.delay=200ms", *args.config]})
    with kind(args, directory) as server:
        checks = Checks(tell, "SIGTERM under load", server)
        down, over = [], threading.Event()

        def watch_readiness():
            while server.management and not down and not over.wait(LOOKS):
                if get(server.management, "/q/health/ready", 1)[0] == 503:
                    down.append(time.monotonic())

        php = server.php()
        clients = Load(server.port, args.connections, mixed(), end_when_refused=True)
        async with clients:
            await asyncio.sleep(BEFORE)
            watcher = asyncio.create_task(asyncio.to_thread(watch_readiness))
            await asyncio.sleep(0.1)
            told, sent, answered = time.monotonic(), clients.sent, sum(clients.outcomes.values())
            server.gateway.send_signal(signal.SIGTERM)
            ended = await until(lambda: server.gateway.poll() is not None, ENDS_WITHIN)
            await asyncio.wait(clients.tasks, timeout=CLIENTS_END_WITHIN)
            over.set()
        await watcher
        checks.load(clients)
        checks.add("running or waiting at SIGTERM", sent - answered)
        checks.add("requests sent after it", clients.sent - sent)
        checks.add("reset with the request unread", clients.outcomes["reset"])
        bad = clients.failures - clients.outcomes["reset"]
        checks.add("read requests without their function's answer", bad, 0, bad == 0)
        refused = clients.first.get("refused")
        checks.add("readiness DOWN after", took(down[0] - told) if down else "never", "seen", down)
        checks.add("first connection refused after", took(refused - told) if refused else "never", "not before DOWN",
                   down and refused and down[0] <= refused)
        checks.add("exit", f"code {server.gateway.poll()} after {took(ended)}", "code 0", server.gateway.poll() == 0)
        left = processes.running(php)
        checks.add("PHP processes left", len(left), 0, not left)
        return checks.passed


async def kill9(kind, args, directory, tell):
    """The gateway is killed under load, in turns alone, just after a master was stopped, and just after one was killed."""
    checks = None
    for number in range(args.tries):
        how = list(JUST_BEFORE)[number % len(JUST_BEFORE)]
        with kind(args, directory) as server:
            checks = checks or Checks(tell, "gateway killed with SIGKILL", server)
            checks.add(*await killed(server, args, number, how))
    return checks.passed


async def killed(server, args, number, how):
    """One try: what was there, what became of it, what was wanted, and whether it is so."""
    async with Load(server.port, args.connections, mixed(), timeout=5, end_when_refused=True):
        sleepers = [asyncio.create_task(asyncio.to_thread(get, server.port, "/api/exec", 10)) for _ in range(SLEEPERS)]
        await until(lambda: sleeping(theirs(server.masters())) >= SLEEPERS, SLEEP_WITHIN)
        await asyncio.sleep(SETTLES)
        masters = server.masters()
        belonging = theirs(masters) + processes.descendants(server.gateway.pid)
        belonging = list({p.key: p for p in belonging}.values())
        if JUST_BEFORE[how]:
            os.kill(masters[number % len(masters)].pid, JUST_BEFORE[how])
        os.kill(server.gateway.pid, signal.SIGKILL)

        def left():
            """Also what was started after the list was made: it is in a master's session, or a new master."""
            found = [p for p in theirs(masters) if p.running]
            return {p.key: p for p in found + processes.running(belonging) + server.masters()}

        gone = await until(lambda: not left(), GONE_WITHIN, step=0.01)
        rest = list(left().values())
        processes.kill(rest)
    for sleeper in sleepers:
        await sleeper
    names = collections.Counter(f"{p.name} ({p.state})" for p in rest)
    return (f"try {number + 1}, {how}: {len(belonging)} processes, {sleeping(belonging)} of them sleep",
            f"all gone after {took(gone)}" if gone is not None else "left: " + ", ".join(f"{n} {name}" for name, n in sorted(names.items())),
            f"gone within {GONE_WITHIN} s", gone is not None and sleeping(belonging) >= SLEEPERS)


def theirs(masters):
    """All that belongs to these masters, and what their scripts started."""
    sessions = {m.session for m in masters} | {m.pid for m in masters}
    return [p for p in processes.everyone() if p.session in sessions or p.group in sessions]


def sleeping(found):
    return sum(p.name == "sleep" for p in found)
