"""Judges a run with faults by its three ledgers."""

import collections

from judging.verdict import Verdict

NEARBY = 5.0  # events that are shown with a fault
# The statuses of refusals, and the problems that have one of them: those by which no script has started, and the others. JudgeTest
# compares them with the gateway's problems.
REFUSALS = {"429", "503"}
NOT_STARTED = {"function-limit", "overloaded", "memory-full", "spool-full", "poisoned", "debug-extension", "debug-worker", "maintenance"}
MAY_HAVE_STARTED = {"file-unavailable"}  # a script may have named the file

# What a poison does to itself; everything else that becomes of it needs an event.
POISONED = {
    "segv": {"502"},
    "memory": {"500"},
    "recursion": {"500", "502"},
    "output": {"cut"},
    "exit": {"200"},
    "loop": {"504"},
}


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
        """A text for finding the cause of a fault: what happened to the request, and the events near it that hit its processes."""
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
