"""What Relais wants to reach beside its peers, and whether it does."""

import math
import statistics
from typing import NamedTuple

PASS, SHORT = "PASS", "short"


class Goal(NamedTuple):
    """A column of a workload, as it is or over that of another server: at least or at most so much. `jdk`: on that version alone. `each`: in
    every round, and not by the median, which hides what is seldom."""

    workload: str
    column: str
    limit: float
    least: bool = False
    of: str = ""
    jdk: int = 0
    each: bool = False

    def words(self):
        return f"{self.column}{f' / {self.of}' if self.of else ''}"

    def wanted(self):
        return f"{'>=' if self.least else '<='} {self.limit:g}"

    def seen(self, results, server):
        """The median of the rounds, or of their ratios: a machine changes its speed between rounds, not within one. None: not measured."""
        rounds = results.get(self.workload, {})
        ours = rounds.get(server, [])
        if not self.of:
            values = [turn[self.column] for turn in ours if self.column in turn]
        else:
            values = [ratio(turn[self.column], other[self.column]) for turn, other in zip(ours, rounds.get(self.of, []))]
        values = [value for value in values if not math.isnan(value)]
        if not values:
            return None
        return (min if self.least else max)(values) if self.each else statistics.median(values)

    def good(self, value):
        return value >= self.limit if self.least else value <= self.limit


def ratio(ours, other):
    return ours / other if other else math.nan


def errors(workload):
    return Goal(workload, "errors", 0, each=True)


RATE, P99 = "requests/s", "p99 ms"
GOALS = [
    Goal("closed", RATE, 1.35, True, "nginx"),
    Goal("closed", RATE, 1.1, True, "nginx-kept"),
    Goal("closed", P99, 0.7, False, "nginx"),
    Goal("closed", RATE, 1.0, True, "apache-php"),
    Goal("closed", P99, 1.0, False, "apache-php"),
    Goal("closed", "front us", 18),
    Goal("closed", "PHP us", 33),
    Goal("closed", RATE, 0.55, True, "php-fpm"),
    Goal("open-2000", P99, 1.0, False, "nginx"),
    Goal("open-5000", P99, 0.7, False, "nginx"),
    Goal("open-9000", P99, 0.7, False, "nginx"),
    Goal("open-13000", P99, 0.7, False, "nginx"),
    errors("crowd-1000"),
    Goal("crowd-1000", P99, 1.0, False, "nginx"),
    errors("crowd-4000"),
    Goal("crowd-4000", P99, 1.0, False, "nginx"),
    Goal("cpu", P99, 0.8, False, "nginx"),
    Goal("post-1k", P99, 1.0, False, "nginx"),
    Goal("post-1m", RATE, 1.1, True, "nginx"),
    Goal("post-1m", P99, 0.8, False, "nginx"),
    Goal("connect", RATE, 1.1, True, "nginx"),
    Goal("answer-64k", RATE, 1.39, True, "nginx"),
    Goal("answer-1m", RATE, 1.51, True, "nginx"),
    Goal("start", "first 2 s, of full speed", 0.8, True),
    Goal("start", "port open s", 1.1, jdk=17),
    Goal("start", "port open s", 0.7, jdk=25),
    Goal("idle", "front % of a core", 0.2),
    Goal("memory", "front MiB after the load", 160, jdk=17),
    Goal("memory", "front MiB after the load", 190, jdk=25),
]


def judged(results, server, jdk):
    """(goal, what was seen, PASS or short) of all goals that this run says something about, for one package of Relais."""
    found = []
    for goal in GOALS:
        value = goal.seen(results, server) if goal.jdk in (0, jdk) else None
        if value is not None:
            found.append((goal, value, PASS if goal.good(value) else SHORT))
    return found
