"""A machine inside of this one: a Debian of debian.py with namespaces of its own for mounts, processes and control groups. What is written there
goes into the scratch folder; what is started there ends with it."""

import os
import pathlib
import subprocess
import sys
import time

from machines import groups
from servers import processes

STARTS_WITHIN = 20  # seconds
ENDS_WITHIN = 20  # seconds
INSIDE = pathlib.Path(__file__).with_name("inside")


class Sandbox:
    """`folders` says which folders of this machine stand where inside, {inside: here}; for None an empty one of the scratch folder. They have no
    overlay under them, on which a container engine could not put its own."""

    def __init__(self, root, scratch, folders, name="sandbox"):
        self.root, self.scratch, self.home, self.folders = root, scratch, scratch / name, folders
        self.spawned = []

    def __enter__(self):
        self.groups = f"relais-bench-{os.getpid()}-{self.home.name}"
        words = [self.root, self.home, self.groups]
        for inside, here in self.folders.items():
            here = here or self.home / "folders" / inside.strip("/")
            pathlib.Path(here).mkdir(parents=True, exist_ok=True)
            words += [inside, here]
        for folder in ("upper", "work", "merged"):
            (self.home / folder).mkdir(parents=True)
        # The kernel kills all in the namespace when its first process ends, and that one when the parent ends.
        with open(f"{self.home}.log", "wb") as log:
            self.holder = subprocess.Popen(["unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child=KILL", INSIDE,
                                            *map(str, words)], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        processes.remember(self.scratch, processes.read(self.holder.pid))
        deadline = time.monotonic() + STARTS_WITHIN
        while not self.ready():
            if self.holder.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                said = pathlib.Path(f"{self.home}.log").read_text(errors="replace")
                sys.exit(f"no sandbox, for which it takes root and namespaces: {said}")
            time.sleep(0.02)
        return self

    def ready(self):
        found = processes.descendants(self.holder.pid)
        if not found:
            return False
        self.first = min(found, key=lambda p: p.start).pid
        return self.path("/run/sandbox-is-ready").exists()

    def __exit__(self, *_):
        for process in self.spawned:
            process.kill()
        inside = processes.descendants(self.holder.pid)
        processes.kill(inside)
        deadline = time.monotonic() + ENDS_WITHIN
        while processes.running(inside) and time.monotonic() < deadline:  # the first ends when all in its namespace have ended
            time.sleep(0.02)
        self.holder.kill()
        self.holder.wait()
        for process in self.spawned:
            process.wait()
        groups.remove(self.groups)

    def command(self, *words):
        return ["nsenter", f"--target={self.first}", "--mount", "--pid", "--cgroup", "--root", "--wd", "--", "/run/join", *map(str, words)]

    def spawn(self, name, *words, **environment):
        """Starts a program that stays; its log is NAME.log in the scratch folder."""
        with open(self.scratch / f"{name}.log", "ab") as log:
            process = subprocess.Popen(self.command(*words), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                                       env=os.environ | environment)
        processes.remember(self.scratch, processes.read(process.pid))
        self.spawned.append(process)
        return process

    def run(self, *words, check=True, input=None, timeout=None):
        """What a program has written; when it fails, that ends this one, unless `check` is false: then the result is there."""
        done = subprocess.run(self.command(*words), input=input, stdin=None if input is not None else subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", timeout=timeout)
        if check and done.returncode:
            sys.exit(f"{' '.join(map(str, words))} failed with {done.returncode}\n{done.stdout[-6000:]}")
        return done.stdout if check else done

    def outside(self, inside):
        """The number by which this machine knows a process whose number inside is given; 0 when there is none."""
        for process in processes.descendants(self.holder.pid):
            try:
                status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            except OSError:
                continue
            numbers = next(line for line in status.splitlines() if line.startswith("NSpid:")).split()[1:]
            if numbers[1:2] == [str(inside)]:
                return process.pid
        return 0

    def path(self, inside):
        """Where this machine finds a file of the sandbox."""
        return pathlib.Path(f"/proc/{self.first}/root{inside}")
