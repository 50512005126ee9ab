"""What a stranger may send, what nginx makes of it, what Relais makes of it: see src/bench/README.md."""

import argparse
import contextlib
import re
import sys

from reports import report
from scenarios.hostile_cases import CASES
from scenarios.hostile_cases.case import SETTINGS
from servers import peers, relais
from servers.options import options, scratch
from servers.server import free_ports

LONGEST = 200  # characters of an input in the table; of a longer one the first and the last are shown
FIRST, LAST = 150, 40


class Nginx(peers.Nginx):
    """With PATH_INFO, HTTP/2 on a port of its own, and the times of SETTINGS."""

    conf = "nginx/hostile.conf"

    def changes(self):
        (self.port2,) = free_ports(1)
        return super().changes() | {r"127\.0\.0\.1:8182": f"127.0.0.1:{self.port2}"}


class Relais(relais.Relais):
    @property
    def port2(self):
        """The one for HTTP/2."""
        return self.port

    def config(self):
        return SETTINGS


def printable(data):
    text = data.decode("latin-1").replace("\\", "\\\\").replace("\r", "\\r").replace("\n", "\\n")
    text = re.sub(r"[^\x20-\x7e]", lambda m: f"\\x{ord(m[0]):02x}", text)
    text = re.sub(r"(.)\1{30,}", lambda m: f"{m[1]}...({len(m[0])})", text)
    return text if len(text) < LONGEST else text[:FIRST] + " ... " + text[-LAST:]


def cell(text):
    return text.replace("|", "\\|")


def row(case, theirs, ours):
    """(the line of the table, whether Relais did as expected)"""
    right = ours == case.expected
    verdict = ("as nginx" if ours == theirs else case.why or "intended") if right else f"**WRONG**, expected: {case.expected}"
    shown = case.shown or f"`{printable(case.sent)}`"
    return f"| {CASES.index(case) + 1} | {cell(case.name)}: {cell(shown)} | {cell(theirs)} | {cell(ours)} | {cell(verdict)} |", right


def main():
    parser = argparse.ArgumentParser(prog="src/bench/hostile", description=__doc__)
    options(parser)
    parser.add_argument("--only", default="", metavar="TEXT", help="cases whose name holds it; writes no result")
    args = parser.parse_args()
    directory = scratch()
    cases = [case for case in CASES if args.only in case.name]
    tell, wrong = report.Report(), 0
    tell("# Hostile input\n\n`src/bench/hostile`, " + report.machine(args) + ".\n")
    tell("Relais with " + ", ".join(f"`{key}={value}`" for key, value in SETTINGS.items())
         + "; nginx with the same times. `closed`: the connection was ended; else a second request on it was answered.\n")
    with contextlib.ExitStack() as stack:
        nginx, ours = (stack.enter_context(kind(args, directory)) for kind in (Nginx, Relais))
        for point in dict.fromkeys(case.point for case in cases):
            tell(f"\n## {point}\n\n| # | input | nginx | Relais | |\n| ---: | --- | --- | --- | --- |")
            for case in (c for c in cases if c.point == point):
                line, right = row(case, case.react(nginx), case.react(ours))
                wrong += not right
                tell(line)
    tell(f"\n{len(cases)} rows, {wrong} not as expected: **{'FAIL' if wrong else 'PASS'}**")
    if not args.only:
        tell.write("hostile")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
