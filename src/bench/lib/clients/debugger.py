"""A debugger for one script, as an editor has one: it listens, and Xdebug connects to it (DBGp, https://xdebug.org/docs/dbgp)."""

import re
import socket

from clients.blocking import LOOPBACK

PATIENCE = 30  # seconds until the script has to have connected, or to have answered


class Debugger:
    """For one thread, while it is entered. `port` is where it listens."""

    def __init__(self):
        self.listening = socket.create_server((LOOPBACK, 0))
        self.listening.settimeout(PATIENCE)
        self.port = self.listening.getsockname()[1]
        self.session, self.unread, self.number = None, b"", 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for opened in (self.session, self.listening):
            if opened:
                opened.close()

    def attach(self):
        """Waits for a script that begins, and returns the path of its file."""
        self.session, _ = self.listening.accept()
        self.session.settimeout(PATIENCE)
        return re.search(r'fileuri="file://([^"]*)"', self.packet())[1]

    def stop_at(self, file, line):
        """Lets the script run to that line."""
        self.command("breakpoint_set", f"-t line -f file://{file} -n {line}")
        answer = self.command("run")
        if 'status="break"' not in answer:
            raise RuntimeError(f"it did not stop: {answer}")

    def go_on(self):
        self.command("detach")

    def command(self, name, arguments=""):
        self.number += 1
        self.session.sendall(f"{name} -i {self.number} {arguments}".strip().encode() + b"\0")
        answer = self.packet()
        if "<error" in answer:
            raise RuntimeError(answer)
        return answer

    def packet(self):
        """Its length, a null byte, its text and a null byte."""
        length = int(self.until_null())
        while len(self.unread) <= length:
            self.read()
        text, self.unread = self.unread[:length], self.unread[length + 1:]
        return text.decode()

    def until_null(self):
        while b"\0" not in self.unread:
            self.read()
        word, self.unread = self.unread.split(b"\0", 1)
        return word

    def read(self):
        data = self.session.recv(65536)
        if not data:
            raise RuntimeError("the script has hung up")
        self.unread += data
