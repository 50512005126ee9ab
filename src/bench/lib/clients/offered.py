"""An open-loop client for thousands of requests a second: one process, raw sockets, a fraction of a core."""

import collections
import multiprocessing
import resource
import select
import socket
import time

from clients import http1
from clients.priority import go_ahead

LEAD = 1.0  # seconds of the same load before what counts
BEGIN = 0.05  # seconds until the first request
CONNECTED_WITHIN = 5  # seconds
LOOK = 0.05  # seconds between two looks at what has waited too long
LOOK_EACH = 256  # requests, while they are being sent


class Connection:
    """A kept connection with at most one request on it."""

    def __init__(self, port):
        self.socket = socket.socket()
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(CONNECTED_WITHIN)
        self.socket.connect(("127.0.0.1", port))
        self.socket.setblocking(False)
        self.reader = http1.Reader()
        self.due = None  # when its request was to be sent
        self.keeps = False  # whether it may have another one after that

    def take(self, data):
        """What these bytes make of the answer: its status when it is complete, None before that, "broken" when it is none."""
        try:
            found = self.reader.feed(data) if data else [self.reader.end()]
        except (http1.Broken, http1.Cut):
            return "broken"
        if not found:
            return None
        self.keeps = found[0].keeps and bool(data)
        return str(found[0].status)


class Offered:
    """So many GETs a second at even distances, whatever has become of those before. A latency counts from the instant at which the
    request was to be sent: no coordinated omission; its deadline does, too, so the header says what is left of it. A request
    waits `patience` seconds for its answer, longer than its deadline, so that an answer that comes too late is seen as one."""

    def __init__(self, port, path, rate, seconds, deadline_millis, patience=2):
        self.port, self.path, self.rate, self.seconds = port, path, rate, seconds
        self.deadline, self.patience = deadline_millis, patience
        self.millis = []  # of complete answers with status 200
        self.others = collections.Counter()
        self.late = 0.0  # the most that a request was sent after its time, in ms

    def run(self):
        self.poll, self.used, self.idle = select.epoll(), {}, []
        self.begin = time.monotonic() + BEGIN
        sent, total = 0, int(self.rate * (LEAD + self.seconds))
        while sent < total or self.used:
            now = time.monotonic()
            while sent < total and (due := self.begin + sent / self.rate) <= now:
                self.send(due)
                sent += 1
            wait = self.begin + sent / self.rate - time.monotonic() if sent < total else LOOK
            for descriptor, _ in self.poll.poll(max(0.0, min(wait, LOOK))):
                self.read(descriptor)
            if sent == total or sent % LOOK_EACH == 0:
                self.give_up(time.monotonic() - self.patience)
        for connection in self.idle:
            connection.socket.close()
        return self

    def counts(self, due):
        return due >= self.begin + LEAD

    def send(self, due):
        try:
            connection = self.idle.pop() if self.idle else self.open()
        except OSError:
            self.others["not sent"] += self.counts(due)
            return
        connection.due, connection.keeps = due, False
        self.used[connection.socket.fileno()] = connection
        late = (time.monotonic() - due) * 1000
        try:
            connection.socket.send(http1.head(self.path, f"X-Request-Timeout: {max(1, int(self.deadline - late))}"))
        except OSError:
            self.over(connection, "not sent")
            return
        if self.counts(due):
            self.late = max(self.late, late)

    def open(self):
        connection = Connection(self.port)
        self.poll.register(connection.socket, select.EPOLLIN)
        return connection

    def read(self, descriptor):
        connection = self.used.get(descriptor)
        try:
            data = connection.socket.recv(65536) if connection else b""
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not connection:  # an idle one that the server has closed
            gone = next(c for c in self.idle if c.socket.fileno() == descriptor)
            self.idle.remove(gone)
            self.close(gone)
            return
        if status := connection.take(data):
            self.over(connection, status)

    def over(self, connection, status):
        del self.used[connection.socket.fileno()]
        if self.counts(connection.due):
            if status == "200":
                self.millis.append((time.monotonic() - connection.due) * 1000)
            else:
                self.others[status] += 1
        if connection.keeps:
            self.idle.append(connection)
        else:
            self.close(connection)

    def close(self, connection):
        self.poll.unregister(connection.socket)
        connection.socket.close()

    def give_up(self, before):
        for connection in [c for c in self.used.values() if c.due < before]:
            self.over(connection, "none")


def measure(*args):
    """Offered(*args).run() in a process of its own, which nothing else keeps from its clock: (millis, others, late)."""
    results = multiprocessing.SimpleQueue()

    def work():
        go_ahead()
        resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
        seen = Offered(*args).run()
        results.put((seen.millis, seen.others, seen.late))

    process = multiprocessing.Process(target=work, daemon=True)
    process.start()
    try:
        return results.get()
    finally:
        process.join(10)
