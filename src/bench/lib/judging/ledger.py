"""The three ledgers of a run with faults: what the clients saw, what the scripts did, and what was done to the processes."""

import collections
from dataclasses import dataclass

# Seconds. A signal is noted just before it is sent. A child that gets one is gone in milliseconds; the children of a dead master run
# until the gateway has seen its end. An answer may be noted late, as the clients share two cores with all else.
SIGNAL_TO_END = {"child": 0.5, "master": 2.0}
END_TO_ANSWER = 1.0
AFTER_END = 0.3  # a script notes its end before the last bytes of its answer; its process may be hit between the two
EARLY = 0.05  # of two clocks' readings in two processes
QUEUE_WAIT = 2.0  # relais.queue.max-wait of the run: an idempotent request waits once more, after its process was lost


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
    outcome: str = None  # a status, "aborted" by the client, or what ended the connection (see clients.outcomes) or kept it from being made
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
        """Whether the event ends the process. A stopped process goes on later, or exceeds the time limit."""
        return self.until is None

    def hits(self, run):
        """Whether it is about the very process of `run`: itself, or its master, which may have forked it after its children were noted."""
        return run.pid in self.pids or self.of == "master" and run.master is not None and run.master == self.victim

    def explains(self, run, request):
        """Whether this event made the request fail; `run` is None when its script never started."""
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
