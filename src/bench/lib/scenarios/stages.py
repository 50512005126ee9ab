"""Where the time of a request goes: the gateway's CPU by stages, as a profile has it. See src/bench/README.md."""

import argparse
import contextlib
import pathlib

from charts.flame import flame
from clients.wrk import warm, wrk
from reports import report
from reports.stages import OTHER, STAGES, shares
from scenarios import turns
from servers import processes
from servers.allocations import EVENT_LOOP
from servers.options import options, scratch
from servers.paths import RESULTS
from servers.profiler import Profile, library
from servers.relais import Relais

# What the prototype's notes have for a stage.
NOTES = {"head": "10 us (parse)", "look-up": "0.2 us", "select": "1 us", "socket to PHP": "50 us (socket, both ways)"}
LEAST_SHARE = 0.0005  # of all samples: rarer stacks are left out of the file that is committed


class Before(Relais):
    """Another build, beside this one."""

    name = "before"

    @property
    def jar(self):
        return self.args.baseline / "quarkus-run.jar"


class Now(Relais):
    name = "now"


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/stages", description=__doc__)
    options(parser)
    parser.add_argument("--seconds", type=int, default=10, help="of load for each measurement")
    parser.add_argument("--warmup", type=int, default=42, help="seconds of load on each build before, in bursts")
    parser.add_argument("--baseline", type=pathlib.Path, metavar="DIR", help="quarkus-app of a build before, which is measured, too")
    parser.add_argument("--name", default="stages", help="of the table in src/bench/results; the profiles are flame-*.collapsed beside it")
    return parser.parse_args()


def costs(server, args):
    """(us of CPU per request of the gateway, of PHP), without a profiler."""
    front, php = server.front(), server.php()
    before = processes.cpu(front), processes.cpu(php)
    requests = max(1, wrk(server.port, turns.PATH, args.connections, args.seconds)["requests"])
    return 1e6 * (processes.cpu(front) - before[0]) / requests, 1e6 * (processes.cpu(php) - before[1]) / requests


def profile(server, agent, event, args):
    """(the event loops' stacks, requests served meanwhile)"""
    with Profile(server, agent, event) as seen:
        requests = wrk(server.port, turns.PATH, args.connections, args.seconds)["requests"]
    return {frames: count for frames, count in seen.stacks.items() if EVENT_LOOP in frames[0]}, requests


def write(stacks, path):
    """The stacks without what is rare, for other tools, and as a picture."""
    total = sum(stacks.values())
    kept = {frames[1:]: count for frames, count in stacks.items() if count >= LEAST_SHARE * total}
    path.with_suffix(".collapsed").write_text("".join(sorted(f"{';'.join(frames)} {count}\n" for frames, count in kept.items())))
    path.with_suffix(".svg").write_text(flame(f"The event loops' CPU, {path.name.removeprefix('flame-')}", {f[1:]: c for f, c in stacks.items()}))


def main():
    args = arguments()
    directory = scratch()
    tell = report.Report()
    rows = {}
    with contextlib.ExitStack() as stack:
        agent = library(directory)
        running = [stack.enter_context(kind(args, directory)) for kind in ([Before] if args.baseline else []) + [Now]]
        for server in running:
            warm(server.port, turns.PATH, args.connections, args.warmup)
        for server in running:
            front, php = costs(server, args)
            stacks, _ = profile(server, agent, "cpu", args)
            write(stacks, RESULTS / f"flame-{server.name}")
            allocated, requests = profile(server, agent, "alloc", args)
            rows[server.name] = front, php, shares(stacks, ""), sum(allocated.values()) / max(1, requests)
    tell("# Where the time of a request goes\n")
    for line in [report.machine(args, ("wrk", "-v")), report.command(), f"`{turns.PATH}`, {args.connections} connections, closed loop, saturated"]:
        tell(f"- {line}")
    for name, (front, php, (_, samples), allocated) in rows.items():
        tell(f"- {name}: {front:.1f} us of CPU per request in the gateway, {php:.1f} in PHP; the event loops allocate {allocated:,.0f} bytes per"
             f" request; {samples:,} samples")
    tell("\nA stage's time is its share of the event loops' samples, times the gateway's CPU per request. It holds what the kernel does for it.\n")
    tell("| stage | " + " | ".join(f"{name}, us" for name in rows) + " | prototype's notes |\n| --- |" + " ---: |" * len(rows) + " --- |")
    for stage in STAGES:
        cells = [f"{front * part[stage]:.2f}" for front, _, (part, _), _ in rows.values()]
        tell("| " + " | ".join([stage if stage != OTHER else "event loop, and what is none of these", *cells, NOTES.get(stage, "")]) + " |")
    tell("| PHP | " + " | ".join(f"{php:.1f}" for _, php, _, _ in rows.values()) + " | |")
    tell.write(args.name)


if __name__ == "__main__":
    main()
