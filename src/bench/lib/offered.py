"""An open-loop client for thousands of requests a second: one process, raw sockets, a fraction of a core."""

import collections
import multiprocessing
import resource
import select
import socket
import time

import load

LEAD = 1.0  # seconds of the same load before what counts


class Connection:
    """A kept connection with at most one request on it."""

    def __init__(self, port):
        self.socket = socket.socket()
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(5)
        self.socket.connect(("127.0.0.1", port))
        self.socket.setblocking(False)
        self.received = b""
        self.due = None  # when its request was to be sent; None: it has none

    def status(self):
        """What has come of the answer: its status when it is complete, None before that, "broken" when it is none."""
        head, found, body = self.received.partition(b"\r\n\r\n")
        if not found:
            return None
        fields = head.lower().split(b"\r\ncontent-length:", 1)
        if len(fields) == 2:
            complete = len(body) >= int(fields[1].split(b"\r\n", 1)[0])
        elif b"\r\ntransfer-encoding: chunked" in head.lower():
            complete = body.endswith(b"0\r\n\r\n")  # the bodies here are short lines
        else:
            return "broken"
        return head[9:12].decode("latin-1") if complete else None


class Offered:
    """So many GETs a second at even distances, whatever has become of those before. A latency counts from the instant at which the
    request was to be sent: no coordinated omission; its deadline does, too, so the header says what is left of it. A request
    waits `patience` seconds for its answer, longer than its deadline, so that an answer that comes too late is seen as one."""

    def __init__(self, port, path, rate, seconds, deadline_millis, patience=2):
        self.port, self.rate, self.seconds, self.patience, self.deadline = port, rate, seconds, patience, deadline_millis
        self.request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Request-Timeout: %d\r\n\r\n".encode()
        self.millis = []  # of complete answers with status 200
        self.others = collections.Counter()
        self.late = 0.0  # the most that a request was sent after its time, in ms

    def run(self):
        self.poll, self.used, self.idle = select.epoll(), {}, []
        self.begin = time.monotonic() + 0.05
        sent, total = 0, int(self.rate * (LEAD + self.seconds))
        while sent < total or self.used:
            now = time.monotonic()
            while sent < total and (due := self.begin + sent / self.rate) <= now:
                self.send(due)
                sent += 1
            wait = self.begin + sent / self.rate - time.monotonic() if sent < total else 0.05
            for descriptor, _ in self.poll.poll(max(0.0, min(wait, 0.05))):
                self.read(descriptor)
            if sent == total or sent % 256 == 0:
                self.give_up(time.monotonic() - self.patience)
        for connection in self.idle:
            connection.socket.close()
        return self

    def counts(self, due):
        return due >= self.begin + LEAD

    def send(self, due):
        try:
            connection = self.idle.pop() if self.idle else self.open()
            connection.due, connection.received = due, b""
            self.used[connection.socket.fileno()] = connection
            late = (time.monotonic() - due) * 1000
            connection.socket.send(self.request % max(1, self.deadline - late))
            if self.counts(due):
                self.late = max(self.late, late)
        except OSError:
            self.others["not sent"] += self.counts(due)

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
        connection.received += data
        status = connection.status() if data else "broken"
        if status:
            self.over(connection, status)

    def over(self, connection, status):
        del self.used[connection.socket.fileno()]
        if self.counts(connection.due):
            if status == "200":
                self.millis.append((time.monotonic() - connection.due) * 1000)
            else:
                self.others[status] += 1
        if status in ("broken", "none") or b"\r\nconnection: close" in connection.received.lower():
            self.close(connection)
        else:
            self.idle.append(connection)

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
        load.go_ahead()
        resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
        seen = Offered(*args).run()
        results.put((seen.millis, seen.others, seen.late))

    process = multiprocessing.Process(target=work, daemon=True)
    process.start()
    try:
        return results.get()
    finally:
        process.join(10)
