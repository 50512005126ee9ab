"""A running container of Relais, as strictly bounded as a cluster bounds it."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import time

from clients.blocking import get
from servers import processes
from servers.meters import Meters
from servers.server import free_ports

READY_WITHIN = 90  # seconds
STRICT = ("--read-only", "--cap-drop=all", "--security-opt=no-new-privileges", "--pids-limit=512", "--memory=1g", "--network=host")
USER = "10001"  # without a name, and of the group 0


class Container:
    """`functions`: what stands in /srv/functions, by name; None: what the image has there. `environment`: keys of Relais."""

    def __init__(self, engine, image, name, functions=None, user=USER, environment=(), strict=STRICT):
        self.engine, self.name = engine, name
        self.port, self.management = free_ports(2)
        words = ["run", "--name", name, f"--user={user}", *strict]
        for pair in ("QUARKUS_HTTP_HOST=127.0.0.1", f"QUARKUS_HTTP_PORT={self.port}", "QUARKUS_MANAGEMENT_HOST=127.0.0.1",
                     f"QUARKUS_MANAGEMENT_PORT={self.management}", *environment):
            words += ["-e", pair]
        if functions is not None:
            self.folder = engine.files / f"functions-{name}"
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir()
            for file, text in functions.items():
                (self.folder / file).write_text(text)
            words += ["-v", f"/scratch/{self.folder.name}:/srv/functions:ro"]
        self.log = engine.files / f"{name}.log"
        self.words = [*words, image]

    def __enter__(self):
        self.began = time.monotonic()
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(self.engine.command(*self.words), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            start_new_session=True, env=os.environ)
        return self

    def __exit__(self, *_):
        self.engine.podman("rm", "--force", "--time=0", self.name, check=False)
        self.process.wait()

    def get(self, path, **options):
        return get(self.port, path, **options)

    def until(self, condition, seconds=READY_WITHIN):
        """Seconds since the start of the container until the condition held; None when it did not."""
        while not condition():
            if time.monotonic() - self.began > seconds or self.process.poll() is not None:
                return None
            time.sleep(0.005)
        return time.monotonic() - self.began

    def ready(self):
        return get(self.management, "/q/health/ready")[0] == 200

    def replace(self, file, text):
        """By rename, as a release is put in place."""
        new = self.folder / f".{file}"
        new.write_text(text)
        new.rename(self.folder / file)

    def status(self):
        return json.loads(get(self.management, "/q/relais")[1] or b"{}")

    def metric(self, name):
        return Meters(get(self.management, "/q/metrics", timeout=20)[1].decode()).total(name)

    def first(self):
        """The container's first process, as this machine counts."""
        inside = int(self.engine.podman("inspect", "--format={{.State.Pid}}", self.name))
        return self.engine.sandbox.outside(inside)

    def processes(self):
        first = processes.read(self.first())
        return [first, *processes.descendants(first.pid)] if first else []

    @staticmethod
    def facts(pid):
        """Lines of /proc/PID/status."""
        try:
            return dict(line.split(":\t", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines() if ":\t" in line)
        except OSError:
            return {}

    @staticmethod
    def maps(pid):
        try:
            return pathlib.Path(f"/proc/{pid}/maps").read_text()
        except OSError:
            return ""

    def execute(self, *words):
        """What a program inside has written."""
        return self.engine.podman("exec", self.name, *words, check=False).stdout

    def stop(self, seconds):
        """Seconds until it has ended after SIGTERM, and its exit code."""
        begin = time.monotonic()
        self.engine.podman("stop", f"--time={seconds}", self.name)
        return time.monotonic() - begin, self.exit_code()

    def kill(self):
        self.engine.podman("kill", "--signal=KILL", self.name)
        self.process.wait()

    def exit_code(self):
        return int(self.engine.podman("inspect", "--format={{.State.ExitCode}}", self.name))

    def says(self, pattern):
        found = re.search(pattern, self.log.read_text(errors="replace"))
        return found[0] if found else None
