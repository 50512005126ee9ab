"""The tables and charts of a contest. `results` is {workload: {server: [one row for each round]}}."""

import collections
import math
import statistics

from charts.bars import bars
from charts.lines import panels
from charts.svg import COLOURS
from judging.goals import P99, RATE, judged, ratio
from scenarios.contest.workloads import COLUMNS, COUNTED, RATES

BASE = "nginx"  # what ratios are to
SPREAD = (RATE, P99)  # columns whose least and greatest value are shown
RATIOS = (RATE, P99)  # columns that are shown over those of BASE


def number(value):
    if math.isnan(value):
        return ""
    if math.isinf(value):
        return "none"
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def middle(rows, column):
    """The median, but the sum of what is counted."""
    values = [row[column] for row in rows if not math.isnan(row[column])]
    return (sum if column in COUNTED else statistics.median)(values) if values else math.nan


def over(rows, base, column):
    """The median of the rounds' ratios."""
    ratios = [ratio(row[column], other[column]) for row, other in zip(rows, base)]
    return statistics.median(ratios) if ratios else math.nan


def cell(rows, column):
    values = [row[column] for row in rows]
    shown = number(middle(rows, column))
    if column in SPREAD and len(rows) > 1:
        shown += f" ({number(min(values))} to {number(max(values))})"
    return shown


def table(title, by_server, columns=COLUMNS):
    """Lines of Markdown: a row for each server."""
    base = by_server.get(BASE, [])
    ratios = [column for column in columns if column in RATIOS and base]
    heads = [head for column in columns for head in ([column, f"of {BASE}"] if column in ratios else [column])]
    lines = [f"\n## {title}\n", "| server | rounds | " + " | ".join(heads) + " |", "| --- |" + " ---: |" * (len(heads) + 1)]
    for server, rows in by_server.items():
        cells = [c for column in columns
                 for c in ([cell(rows, column), number(over(rows, base, column))] if column in ratios else [cell(rows, column)])]
        lines.append(f"| {server} | {len(rows)} | " + " | ".join(cells) + " |")
    return lines + losses(by_server)


def known(value):
    """Whether it is a number that was seen: a row also says how requests were lost, and has what a workload cannot tell as nan."""
    return isinstance(value, (int, float)) and not math.isnan(value)


def described(row):
    """What one round saw, in one line."""
    return ", ".join(f"{column} {number(value)}" for column, value in row.items() if known(value))


def columns_of(by_server):
    """Those that say something of a server; `errors` is the sum of two others."""
    rows = [row for rows in by_server.values() for row in rows]
    return [column for column in rows[0] if column != "errors" and any(known(row[column]) for row in rows)]


def losses(by_server):
    """A line that says how requests were lost, where any was."""
    told = []
    for server, rows in by_server.items():
        kinds = sum((collections.Counter(row.get("lost by kind", {})) for row in rows), collections.Counter())
        told += [f"{server} " + ", ".join(f"{count:,} {kind.replace('_', ' ')}" for kind, count in kinds.items())] if kinds else []
    return ["\nLost: " + "; ".join(told) + "."] if told else []


def goals(results, versions):
    """The issue's table: a row for each goal, a column for each package of Relais. `versions`: {package: version of its JDK}"""
    found = {server: {goal: (value, verdict) for goal, value, verdict in judged(results, server, jdk)} for server, jdk in versions.items()}
    every = list(dict.fromkeys(goal for of_server in found.values() for goal in of_server))
    if not every:
        return []
    every.sort(key=lambda goal: list(results).index(goal.workload))
    lines = ["\n## Goals\n", "| workload | what | wanted | " + " | ".join(versions) + " |", "| --- | --- | --- |" + " ---: |" * len(versions)]
    for goal in every:
        cells = ["" if goal not in of_server else "{} {}".format(number(of_server[goal][0]), of_server[goal][1]) for of_server in found.values()]
        on = f" (JDK {goal.jdk})" if goal.jdk else ""
        lines.append(f"| {goal.workload} | {goal.words()}{on} | {goal.wanted()} | " + " | ".join(cells) + " |")
    return lines


def charts(results, leading):
    """{suffix of the file: SVG}; `leading`: the servers with curves of their own, the first ones where there are more than colours."""
    drawn = {}
    if closed := results.get("closed"):
        drawn["closed"] = bars("closed loop, requests/s (logarithmic)", ["requests/s"], [(s, [middle(rows, RATE)]) for s, rows in closed.items()])
        drawn["cpu"] = bars("CPU per request in the closed loop, us (logarithmic; mod_php has all in its front)", ["front", "PHP"],
                            [(s, [max(1, middle(rows, "front us")), max(1, middle(rows, "PHP us"))]) for s, rows in closed.items()])
    rates = [rate for rate in RATES if f"open-{rate}" in results]
    shown = [server for server in leading if all(results[f"open-{rate}"].get(server) for rate in rates)][:len(COLOURS)]
    if rates and shown:
        def curves(column):
            return [[middle(results[f"open-{rate}"][server], column) for rate in rates] for server in shown]

        drawn["open"] = panels(shown, "requests/s", [f"{rate:,}" for rate in rates],
                               [(f"{column} from the due time", 0.1, curves(column)) for column in ("p50 ms", P99, "p99.9 ms")])
    return drawn
