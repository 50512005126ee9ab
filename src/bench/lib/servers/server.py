"""What all servers under test have in common: they are started on free ports and stopped by PID."""

import contextlib
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time

from clients.blocking import LOOPBACK, get
from servers import processes
from servers.paths import BENCH

SERVES_WITHIN = 60  # seconds after the start
ENDS_WITHIN = 20  # seconds after SIGTERM
SHOWN = 4000  # characters of each log, of a server that does not serve


def free_ports(count, address=LOOPBACK):
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for s in sockets:
            s.bind((address, 0))
        return [s.getsockname()[1] for s in sockets]


class Server:
    """Common to all. `port` serves the functions of `functions`, a private copy that a run may change."""

    management = None
    address = LOOPBACK  # where `port` is

    def __init__(self, args, scratch):
        self.args, self.scratch = args, scratch
        self.home = scratch / self.name
        self.functions = self.home / "functions"
        self.processes = []

    def prepare(self):
        """Its directory, with what is there before it starts."""
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir()
        shutil.copytree(BENCH / "functions", self.functions)

    def __enter__(self):
        self.prepare()
        try:
            self.start()
            self.wait_until_serving()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def get(self, path, timeout=5):
        """(status, body) of one request; (0, b"") when there is no answer in time."""
        return get(self.port, path, timeout=timeout, address=self.address)

    def spawn(self, *command, **environment):
        with open(self.home / f"{pathlib.Path(command[0]).name}.log", "ab") as log:
            process = subprocess.Popen(list(map(str, command)), cwd=self.home, stdin=subprocess.DEVNULL,
                                       stdout=log, stderr=log, start_new_session=True, env=os.environ | environment)
        processes.remember(self.scratch, processes.read(process.pid))
        self.processes.append(process)
        return process

    def wait_until_serving(self, seconds=SERVES_WITHIN):
        deadline = time.monotonic() + seconds
        while not self.serving():
            if time.monotonic() > deadline or any(p.poll() is not None for p in self.processes):
                logs = "".join(log.read_text(errors="replace")[-SHOWN:] for log in self.home.glob("*.log"))
                sys.exit(f"{self.name} does not serve\n{logs}")
            time.sleep(0.02)

    def stop(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(ENDS_WITHIN)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        self.processes.clear()

    def masters(self):
        return processes.masters(self.home)

    def php(self):
        """Masters and children."""
        masters = self.masters()
        return masters + [c for m in masters for c in processes.descendants(m.pid)]

    def children(self, master):
        return [c for c in processes.descendants(master.pid) if c.running and c.name.startswith("php-fpm")]

    def settings(self):
        status, body = self.get("/api/settings")[:2]
        try:
            return json.loads(body)
        except ValueError:
            raise RuntimeError(f"{self.name} does not tell PHP's settings: {status} {body[:500]!r}") from None
