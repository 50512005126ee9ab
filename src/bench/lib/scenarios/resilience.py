"""What must not go wrong under load, counted exactly: see src/bench/README.md."""

import argparse
import asyncio
import sys

from reports import report
from scenarios.endings import kill9, term
from scenarios.losses import kills, master, replace
from servers.options import options, scratch
from servers.peers import Nginx
from servers.relais import Relais

KINDS = {kind.name: kind for kind in (Nginx, Relais)}
SCENARIOS = {run.__name__: run for run in (master, kills, replace, term, kill9)}
WRITTEN = {"kills": "kills", "all": "resilience"}  # what was run, and the file of its result


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/resilience", description=__doc__)
    parser.add_argument("scenario", choices=[*SCENARIOS, "all"])
    options(parser)
    parser.add_argument("--against", choices=list(KINDS), default="relais", help="nginx: shows that the checks can fail")
    parser.add_argument("--replacements", type=int, default=50)
    parser.add_argument("--tries", type=int, default=20, help="of kill9")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def main():
    args = arguments()
    directory = scratch()
    tell = report.Report()
    tell(f"# Resilience\n\n{report.command()}, {report.machine(args)}. {args.connections} clients; {args.children} PHP children in all, Relais:"
         f" {args.workers} workers.")
    names = list(SCENARIOS) if args.scenario == "all" else [args.scenario]
    failed = [name for name in names if not asyncio.run(SCENARIOS[name](KINDS[args.against], args, directory, tell))]
    tell(f"\n**{'FAIL: ' + ', '.join(failed) if failed else 'PASS'}**")
    if args.scenario in WRITTEN and args.against == "relais":
        tell.write(WRITTEN[args.scenario])
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
