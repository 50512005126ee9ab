"""Debian's redis-server on a free port, which can be paused, stopped, killed and started again."""

import os
import signal
import socket
import subprocess
import time

from servers import processes
from servers.server import LOOPBACK, free_ports

SERVES_WITHIN = 10  # seconds


class Redis:
    """One server; nothing is saved but by SAVE."""

    def __init__(self, directory):
        self.directory, self.port = directory / "redis", free_ports(1)[0]
        self.directory.mkdir()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.kill()

    def start(self):
        with open(self.directory / "log", "ab") as log:
            self.process = subprocess.Popen(
                ["redis-server", "--bind", LOOPBACK, "--port", str(self.port), "--save", "", "--dir", str(self.directory)],
                stdout=log, stderr=log, start_new_session=True)
        processes.remember(self.directory.parent, processes.read(self.process.pid))
        end = time.monotonic() + SERVES_WITHIN
        while time.monotonic() < end:
            try:
                if self.command("PING") == b"+PONG":
                    return
            except OSError:
                time.sleep(0.01)
        raise RuntimeError(f"redis-server does not serve: {self.directory / 'log'}")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def halt(self):
        os.kill(self.process.pid, signal.SIGSTOP)

    def go_on(self):
        os.kill(self.process.pid, signal.SIGCONT)

    def command(self, *words):
        """The first line of its answer."""
        with socket.create_connection((LOOPBACK, self.port), timeout=5) as connection:
            connection.sendall(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(w), w.encode()) for w in words))
            return connection.makefile("rb").readline().strip()
