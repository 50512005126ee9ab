"""A native executable beside the JVM: start, memory, requests/s and size. See src/bench/README.md."""

import argparse
import contextlib
import pathlib
import statistics
import sys
import time

from clients.wrk import warm, wrk
from reports import report
from scenarios import turns
from servers import autogroup, processes
from servers.memory import MIB, resident
from servers.options import options, scratch
from servers.packages import BUILT, Package, paths
from servers.paths import ROOT

HEAP = "-Xmx128m"
LOOKS = 0.001  # seconds between two looks at the port
STARTS_WITHIN = 60  # seconds
FIRST_ANSWER_MS, RESIDENT_MIB, SHARE = 150, 60, 0.8  # the goals


class Entrant(Package):
    """An executable, or the JVM's package by its launcher."""

    def front(self):
        return [processes.read(self.gateway.pid)]

    def disk(self):
        """Bytes of what has to be installed, without a JDK."""
        files = [self.path] if self.path.is_file() else [f for f in self.path.rglob("*") if f.is_file()]
        return sum(file.stat().st_size for file in files)


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/native", description=__doc__)
    options(parser)
    parser.add_argument("--executable", action="append", default=[], metavar="[NAME=]FILE", help="default target/relais-*-runner; may be repeated")
    parser.add_argument("--native", action="append", default=[], metavar="OPTION", help="an option of the executables alone, as --native=-Xmn8m; may be repeated")
    parser.add_argument("--package", type=pathlib.Path, default=BUILT, metavar="DIR", help="of the JVM (default target/quarkus-app)")
    parser.add_argument("--starts", type=int, default=10, help="of each; 0 leaves the part out (default 10)")
    parser.add_argument("--rounds", type=int, default=5, help="of load; 0 leaves the part out (default 5)")
    parser.add_argument("--duration", type=int, default=5, help="seconds of load of each in a round (default 5)")
    parser.add_argument("--memory", type=int, default=60, help="seconds of load after which the memory is read; 0 leaves the part out (default 60)")
    parser.add_argument("--warmup", type=int, default=42, help="seconds of load on the JVM before the rounds (default 42)")
    parser.add_argument("--name", default="native", help="of the table in src/bench/results")
    return parser.parse_args()


def executables(args):
    found = paths(args.executable)
    if not found:
        built = sorted((ROOT / "target").glob("relais-*-runner"))
        found = {"native": built[0]} if built else sys.exit("no target/relais-*-runner: GRAALVM_HOME=... ./mvnw -ntp package -DskipTests -Dnative")
    return {name.replace("relais", "native"): path.resolve() for name, path in found.items()}


def entrants(args, directory):
    """The JVM and the executables, by name; each call makes new ones."""
    settings = dict(pair.split("=", 1) for pair in args.config)
    made = [("jvm", args.package.resolve(), args.jvm)]
    made += [(name, path, args.native) for name, path in executables(args).items()]
    return [Entrant(name, path, args.java, [HEAP, *own], settings, args, directory) for name, path, own in made]


def first_answer(entrant):
    """Milliseconds from the start of the process to the first answer of PHP."""
    entrant.prepare()
    began = time.monotonic()
    try:
        entrant.start()
        while entrant.get(turns.PATH)[0] != 200:
            if entrant.gateway.poll() is not None or time.monotonic() > began + STARTS_WITHIN:
                raise RuntimeError(f"{entrant.name} does not start: see {entrant.home}")
            time.sleep(LOOKS)
        return 1e3 * (time.monotonic() - began)
    finally:
        entrant.stop()


def starts(tell, args, directory):
    """{name: median}"""
    seen = {}
    for _, entrant in turns.in_turns(entrants(args, directory), args.starts):
        seen.setdefault(entrant.name, []).append(first_answer(entrant))
    tell("## Start to the first answer of PHP\n")
    tell(turns.head(["", "median ms", "least", "most"]))
    for name, millis in seen.items():
        tell(f"| {name} | {statistics.median(millis):.0f} | {min(millis):.0f} | {max(millis):.0f} |")
    return {name: statistics.median(millis) for name, millis in seen.items()}


def memories(tell, args, directory):
    """{name: MiB after the load}, each alone on the machine and from a fresh start."""
    after = {}
    tell(f"\n## Resident memory, {HEAP}, {args.connections} connections\n")
    tell(turns.head(["", "MiB before the first load", f"after {args.memory} s of load"]))
    for entrant in entrants(args, directory):
        with entrant:
            before = resident(entrant.gateway.pid) / MIB
            wrk(entrant.port, turns.PATH, args.connections, args.memory)
            after[entrant.name] = resident(entrant.gateway.pid) / MIB
            tell(f"| {entrant.name} | {before:.0f} | {after[entrant.name]:.0f} |")
    return after


def loads(tell, args, directory):
    """{name: the median of its requests/s over the JVM's of the same round}"""
    results = {}
    tell(f"\n## Load, {args.connections} connections, in turns\n")
    tell(turns.head(turns.COLUMNS))
    with contextlib.ExitStack() as stack:
        running = [stack.enter_context(entrant) for entrant in entrants(args, directory)]
        for server in running:
            warm(server.port, turns.PATH, args.connections, args.warmup if server.name == "jvm" else args.duration)
        for number, server in turns.in_turns(running, args.rounds):
            results.setdefault(server.name, []).append(turns.measure(server, args.connections, args.duration))
            tell(turns.row(server.name, number + 1, results[server.name][-1]))
    for name, rounds in results.items():
        tell(turns.row(f"**{name}**", "median", turns.summary(rounds)))
    return {name: statistics.median(mine["requests/s"] / jvm["requests/s"] for mine, jvm in zip(rounds, results["jvm"]))
            for name, rounds in results.items()}


def judged(native, first, after, share):
    """(words, whether it is good) for each goal whose part has run."""
    goals = []
    if first:
        goals.append((f"{first[native]:.0f} ms to the first answer of PHP (at most {FIRST_ANSWER_MS})", first[native] <= FIRST_ANSWER_MS))
    if after:
        goals.append((f"{after[native]:.0f} MiB resident (at most {RESIDENT_MIB})", after[native] <= RESIDENT_MIB))
    if share:
        goals.append((f"{share[native]:.2f} of the JVM's requests/s (at least {SHARE})", share[native] >= SHARE))
    return goals


def main():
    args = arguments()
    directory = scratch()
    tell = report.Report()
    tell("# A native executable beside the JVM\n")
    with autogroup.off(directory) as group:
        for line in [report.machine(args), report.command(), f"{args.workers} workers of {args.children // args.workers} children, {HEAP}, "
                     f"the kernel's autogroup {group}", "jvm: by the launcher, with its cache of classes"]:
            tell(f"- {line}")
        for entrant in (all_of := entrants(args, directory)):
            tell(f"- {entrant.name}: {entrant.disk() / MIB:.1f} MiB on disk{' and a JDK' if entrant.name == 'jvm' else ''}")
        tell()
        all_of[0].make_cache()
        first = starts(tell, args, directory) if args.starts else {}
        after = memories(tell, args, directory) if args.memory else {}
        share = loads(tell, args, directory) if args.rounds else {}
    native = all_of[1].name
    goals = judged(native, first, after, share)
    tell(f"\n## Goals, {native}\n")
    for words, good in goals:
        tell(f"* {words}: **{'PASS' if good else 'FAIL'}**")
    for name in share:
        if name not in ("jvm", native):
            tell(f"* {name}: {share[name]:.2f} of the JVM's requests/s")
    tell.write(args.name)
    sys.exit(not all(good for _, good in goals))


if __name__ == "__main__":
    main()
