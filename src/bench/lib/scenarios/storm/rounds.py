"""The rounds of a soak: each is judged by itself, so an hour fits into memory; what was found is added up."""

import collections
import re

from judging.judge import Judge
from judging.verdict import Verdict
from reports.report import outcome

LONGEST_LINE = 400  # characters of a line of the gateway's log that is shown with a fault


class Rounds:
    def __init__(self):
        self.verdicts, self.outcomes, self.requests, self.runs = {}, collections.Counter(), 0, 0

    def judge(self, requests, runs, events, log):
        """How many faults there were in one round."""
        self.outcomes.update(outcome(r) for r in requests)
        self.requests, self.runs = self.requests + len(requests), self.runs + sum(map(len, runs.values()))
        never = Verdict("(g) a request of which half has come never starts, whatever was pipelined before it", f"{len(requests):,} requests",
                        [f"started {len(runs[key])} times: {key}" for key in runs if key == "never"])
        found = [*Judge(requests, runs, events).verdicts(), never]
        for verdict in found:
            verdict.faults = with_log(verdict.faults, log)
            self.verdicts.setdefault(verdict.question, []).append(verdict)
        return sum(len(verdict.faults) for verdict in found)

    def sums(self):
        return [Verdict(question, added([v.seen for v in parts]), [f for v in parts for f in v.faults])
                for question, parts in self.verdicts.items()]


def with_log(faults, log):
    """The faults, each with what the gateway's log says of its request, whose id is its first word. Reads the file only if there are any."""
    said = collections.defaultdict(list)
    for line in log.read_text(errors="replace").splitlines() if faults else ():
        if key := re.search(r"[?&]id=(\w+)", line):
            said[key[1]].append(line[:LONGEST_LINE])
    return ["".join([fault, *(f"; log: {line}" for line in said[fault.partition(" ")[0]])]) for fault in faults]


def added(texts):
    """The same sentence with the sums of its numbers."""
    rows = [[int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", text)] for text in texts]
    totals = iter(map(sum, zip(*rows)))
    return re.sub(r"\d[\d,]*", lambda _: f"{next(totals):,}", texts[0])
