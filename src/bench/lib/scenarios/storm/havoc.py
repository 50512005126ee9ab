"""The faults that are injected in a storm, and their ledger."""

import asyncio
import collections
import os
import random
import signal
import time

from clients.blocking import get
from judging.judge import POISONED
from judging.ledger import Event
from scenarios.storm.cleaner import clean
from servers import processes

# How often each event is drawn.
CHAOS_WEIGHTS = {
    "child KILL": 20,
    "child SEGV": 14,
    "child STOP": 14,
    "master KILL": 5,
    "master SEGV": 3,
    "master STOP": 4,
    "reload": 12,
    "generation": 0,
    "poison": 20,
    "poison storm": 2,
}
GENERATION_WEIGHT = 4
SOAK_WEIGHTS = {
    "child KILL": 10,
    "child SEGV": 4,
    "child STOP": 3,
    "master KILL": 3,
    "reload": 8,
    "generation": 4,
    "clean": 4,
}
CHAOS_PAUSE, SOAK_PAUSE = 0.7, 2.5  # seconds between two events on average
POISONS = list(POISONED)
STORM = 12  # poison requests at once
STOPPED = (0.1, 1.5, 5.0)  # seconds; the longest is beyond the time limit of chaos' functions
SOAK_STOPPED = 1.5  # seconds at the most
SWITCH = "/q/relais/generations?wait=30s"
SWITCHED_WITHIN = 40  # seconds: as long as a generation needs to warm up


class Havoc:
    """The schedule is made before the run, of the seed alone: time, kind, and a number that picks the victim among those there are."""

    def __init__(self, server, clients, seed, seconds, weights, pause):
        self.server, self.clients = server, clients
        self.events, self.counts, self.stopped = [], collections.Counter(), {}
        self.masters = {}  # all that were ever seen, by their keys
        dice = random.Random(seed)
        self.schedule, at = [], 0
        while (at := at + dice.expovariate(1 / pause)) < seconds:
            kind = dice.choices(list(weights), list(weights.values()))[0]
            self.schedule.append((at, kind, dice.random(), dice.choice(STOPPED)))

    async def run(self):
        begin = time.monotonic()
        for at, kind, pick, seconds in self.schedule:
            await asyncio.sleep(max(0.0, begin + at - time.monotonic()))
            self.counts[kind] += self.do(kind, pick, seconds)

    def do(self, kind, pick, seconds):
        if kind == "reload":
            return self.replace(pick)
        if kind == "generation":
            return self.switch()
        if kind.startswith("poison"):
            for _ in range(1 if kind == "poison" else STORM):
                self.clients.poison(POISONS[int(pick * len(POISONS))])
            return 1
        of, name = kind.split()
        masters, everyone = self.look(), processes.everyone()
        children = [c for m in masters for c in processes.descendants(m.pid, everyone) if c.running]
        victims = children if of == "child" else masters
        if not victims:
            return 0
        victim = victims[int(pick * len(victims))]
        pids = [victim.pid] if of == "child" else [c.pid for c in children if c.session == victim.pid]
        return self.signal(kind, name, victim, frozenset(pids), seconds)

    def signal(self, kind, name, victim, pids, seconds):
        event = Event(kind, time.time(), pids, time.time() + seconds if name == "STOP" else None, victim.pid)
        if not send(victim, signal.Signals[f"SIG{name}"]):
            return 0
        self.events.append(event)
        if name == "STOP":
            self.stopped[victim.key] = victim
            asyncio.get_running_loop().call_later(seconds, self.go_on, event, victim)
        return 1

    def go_on(self, event, victim):
        event.until = time.time()
        self.stopped.pop(victim.key, None)
        send(victim, signal.SIGCONT)

    def look(self):
        masters = self.server.masters()
        self.masters |= {m.key: m for m in masters}
        return masters

    def replace(self, pick):
        """A function by itself, by rename: the newest version counts, all of them answer alike."""
        folder = self.server.functions / "chaos"
        names = sorted(p.name for p in folder.glob("[a-z]*.php"))
        file = folder / names[int(pick * len(names))]
        new = self.server.home / "replacement"
        new.write_text(f"{file.read_text().partition('// replaced')[0].rstrip()}\n// replaced {time.time()}\n")
        os.rename(new, file)
        return 1

    def switch(self):
        task = asyncio.create_task(asyncio.to_thread(get, self.server.management, SWITCH, SWITCHED_WITHIN, "POST"))
        task.add_done_callback(lambda done: self.counts.update([f"generation: {done.result()[0]}"]))
        return 1

    def finish(self):
        for victim in list(self.stopped.values()):
            send(victim, signal.SIGCONT)


class GentleHavoc(Havoc):
    """That of a soak: nothing is stopped for long, and somebody cleans the run directory. `age`: seconds after which a file is old."""

    def __init__(self, server, clients, seed, seconds, age):
        super().__init__(server, clients, seed, seconds, SOAK_WEIGHTS, SOAK_PAUSE)
        self.age, self.cleaned = age, collections.Counter()

    def do(self, kind, pick, seconds):
        if kind == "clean":
            self.cleaned.update(clean(self.server.run_directory, self.age))
            return 1
        return super().do(kind, pick, min(seconds, SOAK_STOPPED))


def chaos_weights(generations):
    """With or without switches of generations."""
    return CHAOS_WEIGHTS | ({"generation": GENERATION_WEIGHT} if generations else {})


def send(victim, number):
    """Whether the process was still the same one."""
    now = processes.read(victim.pid)
    if not now or now.key != victim.key or not now.running:
        return False
    try:
        os.kill(victim.pid, number)
        return True
    except ProcessLookupError:
        return False
