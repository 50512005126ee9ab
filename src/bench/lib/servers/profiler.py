"""async-profiler on a running gateway: where its threads spend their time, or what they allocate, as collapsed stacks."""

import collections
import pathlib
import subprocess
import sys
import zipfile

from servers.jdk import jcmd
from servers.paths import BENCH

VERSION = "4.6"
ARTIFACT = f"tools.profiler:async-profiler:{VERSION}"
JAR = pathlib.Path.home() / f".m2/repository/tools/profiler/async-profiler/{VERSION}/async-profiler-{VERSION}.jar"
LIBRARY = "linux-x64/libasyncProfiler.so"


def library(directory):
    """The agent, out of the jar in Maven's repository, which gets it if need be."""
    if not JAR.exists():
        got = subprocess.run([BENCH.parents[1] / "mvnw", "-q", "-ntp", "dependency:get", f"-Dartifact={ARTIFACT}"], capture_output=True, text=True)
        if got.returncode:
            sys.exit(f"{ARTIFACT}: {got.stdout}{got.stderr}")
    with zipfile.ZipFile(JAR) as jar:
        return pathlib.Path(jar.extract(LIBRARY, directory))


class Profile:
    """While this lasts, samples are taken; `stacks` has them afterwards: (thread, frame, frame, ...) -> how many, or how many bytes."""

    def __init__(self, server, agent, event="cpu"):
        self.server, self.agent, self.event = server, agent, event
        self.file = server.home / f"{event}.collapsed"

    def command(self, words):
        jcmd(self.server, "JVMTI.agent_load", str(self.agent), f'"{words}"')

    def __enter__(self):
        self.command(f"start,event={self.event},threads,cstack=vm")
        return self

    def __exit__(self, *_):
        total = ",total" if self.event == "alloc" else ""
        self.command(f"stop,file={self.file},collapsed,threads{total}")
        self.stacks = parse(self.file.read_text())


def parse(text):
    stacks = collections.Counter()
    for line in text.splitlines():
        frames, count = line.rsplit(" ", 1)
        stacks[tuple(frames.split(";"))] += int(count)
    return stacks
