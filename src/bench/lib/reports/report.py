"""The report of a script, which is printed at once, and written to its file in results when the script has finished."""

import datetime
import os
import pathlib
import platform
import re
import shlex
import subprocess
import sys

from servers import php
from servers.paths import RESULTS, ROOT


class Report:
    """Lines of Markdown: calling it adds one."""

    def __init__(self):
        self.lines = []

    def __call__(self, line=""):
        print(line, flush=True)
        self.lines.append(line)

    def write(self, name):
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"{name}.md").write_text("\n".join(self.lines) + "\n")
        print(f"\n{RESULTS / name}.md")


    def renew(self, name):
        """Writes the sections that this run has made; those that it has not made stay as they are. A section's heading has its day behind DAY."""
        file = RESULTS / f"{name}.md"
        kept = sections(file.read_text()) if file.exists() else {}
        made = sections("\n".join(self.lines) + "\n")
        file.write_text("\n".join(text.rstrip("\n") + "\n" for text in {**kept, **made}.values()))
        print(f"\n{file}")


DAY = ", on "


def sections(text):
    """{the heading without its day: the section}; what comes before the first one has the heading ""."""
    parts = re.split(r"^(?=## )", text, flags=re.M)
    return {part.partition("\n")[0].partition(DAY)[0] if part.startswith("## ") else "": part for part in parts}


def today():
    """For a heading."""
    commit = output("git", "-C", str(ROOT), "describe", "--always", "--dirty") if (ROOT / ".git").exists() else "a build of no repository"
    return f"{DAY}{datetime.date.today()} with {commit}"


def output(*command):
    """The first line of a program's output."""
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return (run.stdout.splitlines() or ["?"])[0].strip()


def command():
    """The command that makes this report again."""
    name = pathlib.Path(sys.argv[0]).stem
    return f"`src/bench/{shlex.join([name, *sys.argv[1:]])}`"


def machine(args, *others):
    """When, where and with what: one line. `others`: programs that say their version, as command lines."""
    cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    seen = [output(*line) for line in ((args.java, "-version"), ("nginx", "-v"), (php.fpm(), "-v"), *others)]
    return ", ".join([
        f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d %H:%M} UTC",
        f"{cpu[1] if cpu else platform.machine()}, {os.cpu_count()} cores, Linux {platform.release()}",
        "Relais " + (output("git", "-C", str(ROOT), "describe", "--always", "--dirty") if (ROOT / ".git").exists() else "of no repository"),
        *(re.sub(r" Copyright.*| \(built.*", "", version) for version in seen)])


def counts(title, counted):
    """The lines of a table of counts, by their names."""
    return [f"\n| {title} | |", "| --- | ---: |", *(f"| {key} | {n:,} |" for key, n in sorted(counted.items()))]


def outcome(request):
    """The outcome of a request and the problem that came with it."""
    return f"{request.outcome} {request.problem}" if request.problem else str(request.outcome)
