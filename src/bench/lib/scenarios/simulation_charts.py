"""Draws the charts of the simulation from the numbers that it writes: see src/bench/README.md."""

import csv
import sys

from charts.lines import panels
from servers.paths import RESULTS

DIRECTORY = RESULTS / "simulation"
BELOW = {"gateway-queue": "workers", "worker-queues": "age of the samples, 8 equal workers", "hold-back": "patience"}
LEAST = {"p50 ms": 10, "p99 ms": 50, "waste %": 0}  # where the axes begin; 0: a linear one


def draw(rows, below):
    """`rows`: one for each curve and step, as a dictionary."""
    curves, steps = list(dict.fromkeys(row["curve"] for row in rows)), list(dict.fromkeys(row["step"] for row in rows))
    values = {(row["curve"], row["step"]): row for row in rows}
    return panels(curves, below, steps, [
        (measure.replace(" ", ", "), least, [[float(values[curve, step][measure]) for step in steps] for curve in curves])
        for measure, least in LEAST.items()])


def main():
    for name, below in BELOW.items():
        with open(DIRECTORY / f"{name}.csv", newline="") as numbers:
            (DIRECTORY / f"{name}.svg").write_text(draw(list(csv.DictReader(numbers, delimiter=";")), below))
    print(DIRECTORY)


if __name__ == "__main__":
    sys.exit(main())
