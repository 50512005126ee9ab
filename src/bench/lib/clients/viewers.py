"""Viewers of the console: each holds the stream of server-sent events open and reads what comes."""

import selectors
import socket
import threading
import time

from clients import http1
from clients.blocking import LOOPBACK

STREAM = "/q/relais/console/events"
BEGIN = b"event: "
COME = 10  # seconds in which all have come
LOOK = 0.2  # seconds between two looks whether it is over
PIECE = 65536  # bytes read at a time


class Viewers:
    """So many of them, while it is entered. `messages` and `bytes` are what all of them have got, `lost` how many were ended. It is entered when
    each has got its first two messages: what it costs to come is not what it costs to look."""

    def __init__(self, port, count):
        self.port, self.count = port, count
        self.messages = self.bytes = self.lost = 0

    def __enter__(self):
        self.over, self.ends = False, {}
        self.selector = selectors.DefaultSelector()
        for _ in range(self.count):
            viewer = socket.create_connection((LOOPBACK, self.port), timeout=5)
            viewer.sendall(http1.head(STREAM))
            viewer.setblocking(False)
            self.selector.register(viewer, selectors.EVENT_READ)
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()
        deadline = time.monotonic() + COME
        while self.messages < 2 * self.count and time.monotonic() < deadline:
            time.sleep(LOOK)
        return self

    def __exit__(self, *_):
        self.over = True
        self.thread.join()
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()
        self.selector.close()

    def read(self):
        while not self.over:
            for key, _ in self.selector.select(LOOK):
                try:
                    data = key.fileobj.recv(PIECE)
                except BlockingIOError:
                    continue
                except OSError:
                    data = b""
                self.bytes += len(data)
                self.messages += (self.ends.get(key.fd, b"") + data).count(BEGIN)
                self.ends[key.fd] = data[1 - len(BEGIN):]  # a message's begin may come in two pieces
                if not data:
                    self.lost += 1
                    self.selector.unregister(key.fileobj)
                    key.fileobj.close()
