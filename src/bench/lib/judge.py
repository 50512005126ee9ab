"""Judges a chaos run by its three ledgers: what the clients saw, what the scripts did, what was done to the processes."""

import collections
from dataclasses import dataclass, field

# Seconds. A signal is noted just before it is sent. A child that gets one is gone in milliseconds; the children of a dead master run
# until the gateway has seen its end. An answer may be noted late, as the clients share two cores with all else.
SIGNAL_TO_END = {"child": 0.5, "master": 2.0}
END_TO_ANSWER = 1.0
AFTER_END = 0.3  # a script notes its end before the last bytes of its answer; its process may be hit between the two
EARLY = 0.05  # of two clocks' readings in two processes
NEARBY = 5.0  # events that are shown with a fault
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
    master: int = None  # the session of its process, which is its master's; None: not noted


@dataclass
class Event:
    """What was done to a child or a master. `pids`: the child, or all children that the master was seen to have."""

    kind: str  # "child KILL", "master STOP", ...
    at: float
    pids: frozenset
    until: float = None  # a stopped process was continued
    victim: int = None  # the process that got the signal; None: not noted

    @property
    def of(self):
        return self.kind.split()[0]

    @property
    def ends(self):
        """Whether the process ends by it. One that is stopped goes on later, or runs into the time limit."""
        return self.until is None

    def hits(self, run):
        """Whether it is about the very process of `run`: itself, or its master, which may have forked it after its children were noted."""
        return run.pid in self.pids or self.of == "master" and run.master is not None and run.master == self.victim

    def explains(self, run, request):
        """Whether this made the request fail; `run` is None when its script never started."""
        if run is not None and not self.hits(run):
            return False
        if not self.ends:
            return self.at <= request.ended and self.until >= (run.start if run else request.sent) - EARLY
        latest_start = self.at + SIGNAL_TO_END[self.of]
        latest_answer = latest_start + END_TO_ANSWER + request.slow + (QUEUE_WAIT if request.idempotent else 0)
        return (run.start if run else request.sent) <= latest_start and self.at - EARLY <= request.ended <= latest_answer

    def broke(self, run, other):
        """Whether this hit the process of `run` while it ran, and before the run `other`, which took its place, began; that one may have
        waited in the queue for any time."""
        last = other.start if run.end is None else min(other.start, run.end + AFTER_END)
        hit_until = self.at + SIGNAL_TO_END[self.of] if self.ends else self.until
        return self.hits(run) and run.start <= hit_until + EARLY and self.at <= last + EARLY


@dataclass
class Verdict:
    question: str
    seen: str
    faults: list = field(default_factory=list)


def read_runs(lines):
    """Runs by the request's id, in the order of their starts."""
    runs = collections.defaultdict(list)
    for line in lines:
        step, key, pid, seconds, *master = line.split()
        if step == "start":
            runs[key].append(Run(int(pid), float(seconds), master=int(master[0]) if master else None))
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
                faults.append(f"{r.id} {r.function}: 200 with a wrong or foreign body {r.note}; {self.told(r)}")
            if not ends or ends > 1 and not (r.idempotent and self.retry_explained(r)):
                faults.append(f"{r.id} {r.function}: answered, and ran to its end {ends} times; {self.told(r)}")
            if any(run.start == float("inf") for run in runs):
                faults.append(f"{r.id} {r.function}: ended without a start; {self.told(r)}")
        return Verdict("(a) each answered request ran to its end once, and its answer is its own", f"{len(good):,} answered", faults)

    def once(self):
        """(b) whatever the client saw."""
        faults, retried = [], 0
        for r in self.requests:
            starts = len(self.runs.get(r.id, []))
            if starts > 1:
                retried += 1
                if not r.idempotent:
                    faults.append(f"{r.id} {r.function}: started {starts} times; {self.told(r)}")
                elif starts > 2 or not self.retry_explained(r):
                    faults.append(f"{r.id} {r.function}: idempotent, started {starts} times without an event that explains it;"
                                  f" {self.told(r)}")
        count = sum(not r.idempotent for r in self.requests)
        return Verdict("(b) no request that is not idempotent started twice; idempotent ones only after an event",
                       f"{count:,} not idempotent, {retried:,} idempotent ones started twice", faults)

    def refused(self):
        """(c) a refusal, or half of a body, never reaches a script."""
        refused = [r for r in self.requests if r.outcome in REFUSALS and r.problem in NOT_STARTED]
        faults = [f"{r.id} {r.function}: refused with {r.problem}, and started; {self.told(r)}" for r in refused if r.id in self.runs]
        halves = [r for r in self.requests if r.half]
        for r in halves:
            if r.function == "upload" and r.id in self.runs:  # its body is gathered before it starts
                faults.append(f"{r.id} {r.function}: started on half a body; {self.told(r)}")
            elif any(run.end is not None for run in self.runs.get(r.id, [])):
                faults.append(f"{r.id} {r.function}: ran to its end on half a body; {self.told(r)}")
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
                faults.append(f"{r.id} {r.function}: {r.outcome} {r.problem or ''} without an event; {r.note} {self.told(r)}")
        return Verdict("(d) every failure is explained by an event on its process, or is poison",
                       f"{count:,} failures, {own:,} of them poison", faults)

    def is_explained(self, request, runs):
        if request.outcome in ("timeout", "refused"):  # the gateway itself must always answer
            return False
        if runs:
            last = self.in_order(request)[-1]
            return any(event.explains(last, request) for event in self.events)
        for number, event in enumerate(self.events):
            if event.explains(None, request) and self.explained[number] < len(event.pids):
                self.explained[number] += 1
                return True
        return False

    def retry_explained(self, request):
        """Whether something ended the process of one of the two runs before the other one, which took its place, began."""
        lost, other = self.in_order(request)[:2]
        return any(event.broke(lost, other) for event in self.events)

    def in_order(self, request):
        """The runs as the gateway began them. The ledger has them as the scripts began: a child whose master is dead may read its request
        a moment after the gateway has given it up and another child has begun it. So of two, the later one may be the lost one: when an
        event that ended its process came before either began, and none explains it the other way round."""
        runs = self.runs[request.id]
        if len(runs) != 2 or any(event.broke(*runs) for event in self.events):
            return runs
        swapped = runs[::-1]
        return swapped if any(event.ends and event.broke(*swapped) for event in self.events) else runs

    def told(self, request):
        """For who looks for the cause of a fault: what became of the request, and the events near it that hit its processes."""
        runs = self.runs.get(request.id, [])
        steps = [(request.ended, f"ended with {request.outcome}")] if request.ended else []
        for run in runs:
            where = f"on {run.pid}" + (f" of master {run.master}" if run.master else "")
            steps += [(run.start, f"started {where}")] + ([(run.end, f"reached its end {where}")] if run.end else [])
        begin, end = request.sent - NEARBY, (request.ended or request.sent) + NEARBY
        for event in self.events:
            if begin <= event.at <= end and (not runs or any(map(event.hits, runs))):
                steps.append((event.at, f"{event.kind} of {event.victim or sorted(event.pids)}"))
        return f"sent {request.sent:.3f}" + "".join(f", {at - request.sent:+.3f} {what}" for at, what in sorted(steps))
