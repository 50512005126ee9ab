"""Judges a chaos run by its three ledgers: what the clients saw, what the scripts did, what was done to the processes."""

import collections
from dataclasses import dataclass, field

# Seconds. A signal is noted just before it is sent. A child that gets one is gone in milliseconds; the children of a dead master run
# until the gateway has seen its end. An answer may be noted late, as the clients share two cores with all else.
SIGNAL_TO_END = {"child": 0.5, "master": 2.0}
END_TO_ANSWER = 1.0
AFTER_END = 0.3  # a script notes its end before the last bytes of its answer; its process may be hit between the two
EARLY = 0.05  # of two clocks' readings in two processes
QUEUE_WAIT = 2.0  # relais.queue.max-wait of the run: an idempotent request waits once more, after its process was lost

REFUSALS = {"429", "503"}  # with a problem of these types a script has not started
NOT_STARTED = {"function-limit", "overloaded", "spool-full", "poisoned"}

# What a poison does to itself; everything else that becomes of it needs an event.
POISONED = {
    "segv": {"502"},
    "memory": {"500"},
    "recursion": {"500", "502"},
    "output": {"cut"},
    "exit": {"200"},
    "loop": {"504"},
}


@dataclass
class Request:
    """The clients' ledger: one request and its one outcome."""

    id: str
    function: str
    sent: float
    idempotent: bool = False
    poison: bool = False
    half: bool = False  # only half of its body, or of its head, was sent
    note: str = ""  # for who reads of a fault: how it was asked
    slow: float = 0  # seconds that its client takes longer than others until it sees the end of an answer
    ended: float = None  # None: no outcome
    outcome: str = None  # a status, "aborted" by the client, or what ended the connection (see load.Load) or kept it from being made
    problem: str = None  # the type of a problem, without its urn
    right: bool = False  # a complete body, with the id in it


@dataclass
class Run:
    """The scripts' ledger: one run of a script."""

    pid: int
    start: float
    end: float = None


@dataclass
class Event:
    """What was done to a child or a master. `pids`: the child, or all children that the master had."""

    kind: str  # "child KILL", "master STOP", ...
    at: float
    pids: frozenset
    until: float = None  # a stopped process was continued

    @property
    def of(self):
        return self.kind.split()[0]

    @property
    def ends(self):
        """Whether the process ends by it. One that is stopped goes on later, or runs into the time limit."""
        return self.until is None

    def explains(self, run, request):
        """Whether this made the request fail; `run` is None when its script never started."""
        if run is not None and run.pid not in self.pids:
            return False
        if not self.ends:
            return self.at <= request.ended and self.until >= (run.start if run else request.sent) - EARLY
        latest_start = self.at + SIGNAL_TO_END[self.of]
        latest_answer = latest_start + END_TO_ANSWER + request.slow + (QUEUE_WAIT if request.idempotent else 0)
        return (run.start if run else request.sent) <= latest_start and self.at - EARLY <= request.ended <= latest_answer

    def broke(self, run, again):
        """Whether this hit the process of `run` while it ran, and before the run `again` of the same request began; that one may have
        waited in the queue for any time."""
        last = again.start if run.end is None else min(again.start, run.end + AFTER_END)
        hit_until = self.at + SIGNAL_TO_END[self.of] if self.ends else self.until
        return run.pid in self.pids and run.start <= hit_until + EARLY and self.at <= last + EARLY


@dataclass
class Verdict:
    question: str
    seen: str
    faults: list = field(default_factory=list)


def read_runs(lines):
    """Runs by the request's id, in the order of their starts."""
    runs = collections.defaultdict(list)
    for line in lines:
        step, key, pid, seconds = line.split()
        if step == "start":
            runs[key].append(Run(int(pid), float(seconds)))
        elif step == "end":
            open_runs = [run for run in runs[key] if run.pid == int(pid) and run.end is None]
            if open_runs:
                open_runs[-1].end = float(seconds)
            else:
                runs[key].append(Run(int(pid), float("inf"), float(seconds)))  # an end without a start: nobody's run
    return runs


class Judge:
    def __init__(self, requests, runs, events):
        self.requests, self.runs, self.events = requests, runs, events
        self.explained = collections.Counter()  # failures without a start, by the event that explains them

    def verdicts(self):
        return [self.answered(), self.once(), self.refused(), self.failed()]

    def answered(self):
        """(a) 200 means: the function ran to its end, once, and the whole answer came."""
        faults, good = [], [r for r in self.requests if r.outcome == "200" and not r.poison]
        for r in good:
            runs = self.runs.get(r.id, [])
            ends = sum(run.end is not None for run in runs)
            if not r.right:
                faults.append(f"{r.id} {r.function}: 200 with a wrong or foreign body {r.note}")
            if not ends or ends > 1 and not (r.idempotent and self.retry_explained(r)):
                faults.append(f"{r.id} {r.function}: answered, and ran to its end {ends} times")
            if any(run.start == float("inf") for run in runs):
                faults.append(f"{r.id} {r.function}: ended without a start")
        return Verdict("(a) each answered request ran to its end once, and its answer is its own", f"{len(good):,} answered", faults)

    def once(self):
        """(b) whatever the client saw."""
        faults, retried = [], 0
        for r in self.requests:
            starts = len(self.runs.get(r.id, []))
            if starts > 1:
                retried += 1
                if not r.idempotent:
                    faults.append(f"{r.id} {r.function}: started {starts} times, {r.outcome}")
                elif starts > 2 or not self.retry_explained(r):
                    faults.append(f"{r.id} {r.function}: idempotent, started {starts} times without an event that explains it")
        count = sum(not r.idempotent for r in self.requests)
        return Verdict("(b) no request that is not idempotent started twice; idempotent ones only after an event",
                       f"{count:,} not idempotent, {retried:,} idempotent ones started twice", faults)

    def refused(self):
        """(c) a refusal, or half of a body, never reaches a script."""
        refused = [r for r in self.requests if r.outcome in REFUSALS and r.problem in NOT_STARTED]
        faults = [f"{r.id} {r.function}: refused with {r.problem}, and started" for r in refused if r.id in self.runs]
        halves = [r for r in self.requests if r.half]
        for r in halves:
            if r.function == "upload" and r.id in self.runs:  # its body is gathered before it starts
                faults.append(f"{r.id} {r.function}: started on half a body")
            elif any(run.end is not None for run in self.runs.get(r.id, [])):
                faults.append(f"{r.id} {r.function}: ran to its end on half a body")
        return Verdict("(c) no refused request started, and none finished on half a body",
                       f"{len(refused):,} refused, {len(halves):,} half bodies", faults)

    def failed(self):
        """(d) every other outcome is a failure, and was caused by an event on the very process that ran it, or by its own poison."""
        faults, count, own = [], 0, 0
        for r in self.requests:
            if r.outcome == "200" and not r.poison or r.outcome == "aborted" or r.outcome in REFUSALS and r.problem in NOT_STARTED:
                continue
            count += 1
            runs = self.runs.get(r.id, [])
            if r.outcome is None:
                faults.append(f"{r.id} {r.function}: no outcome")
            elif r.poison and runs and r.outcome in POISONED[r.function.partition("/")[2]]:
                own += 1
                if r.outcome == "200" and not r.right:
                    faults.append(f"{r.id} {r.function}: 200 with a wrong or foreign body")
            elif not self.is_explained(r, runs):
                where = f"ran on {runs[-1].pid} from {runs[-1].start:.3f}" if runs else "did not start"
                faults.append(f"{r.id} {r.function}: {r.outcome} {r.problem or ''} without an event; {r.note}"
                              f" sent {r.sent:.3f}, ended {r.ended:.3f}, {where}")
        return Verdict("(d) every failure is explained by an event on its process, or is poison",
                       f"{count:,} failures, {own:,} of them poison", faults)

    def is_explained(self, request, runs):
        if request.outcome in ("timeout", "refused"):  # the gateway itself must always answer
            return False
        if runs:
            return any(event.explains(runs[-1], request) for event in self.events)
        for number, event in enumerate(self.events):
            if event.explains(None, request) and self.explained[number] < len(event.pids):
                self.explained[number] += 1
                return True
        return False

    def retry_explained(self, request):
        """Whether something ended the first run's process before the second run began."""
        first, second = self.runs[request.id][:2]
        return any(event.broke(first, second) for event in self.events)
