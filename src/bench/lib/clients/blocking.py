"""A blocking client on one socket: it sends exactly the bytes it is given, and reads answers or whatever comes."""

import socket

from clients import http1

FIRST_BYTE = 5  # seconds that an answer's first byte may take on a busy machine
QUIET = 0.5  # seconds without a byte after which an answer is taken for complete
PIECE = 65_536  # bytes
LOOPBACK = "127.0.0.1"


class Client:
    """One connection. `closed` is true once the other side has ended it."""

    def __init__(self, port, receive_buffer=0, timeout=10, address=LOOPBACK):
        self.timeout = timeout
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(timeout)
        self.socket.connect((address, port))
        self.closed = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError:
            self.closed = True

    def read(self, quiet=QUIET, until=lambda data: False, first=None):
        """All bytes until the other side closes, nothing has come for this many seconds, or `until` is true for the bytes."""
        data = b""
        try:
            while not until(data):
                self.socket.settimeout(quiet if data else first or quiet)
                piece = self.socket.recv(PIECE)
                if not piece:
                    self.closed = True
                    break
                data += piece
        except TimeoutError:
            pass
        except OSError:
            self.closed = True
        return data

    def ask(self, request, most=None):
        """Sends a request and gives its answer, of whose body `most` bytes are kept. Raises OSError, Cut or Broken."""
        self.socket.sendall(request)
        return self.answer(most)

    def answer(self, most=None):
        self.socket.settimeout(self.timeout)
        reader = http1.Reader(most)
        while piece := self.socket.recv(PIECE):
            if found := reader.feed(piece):
                return found[0]
        return reader.end()


def get(port, path, timeout=5, method="GET", address=LOOPBACK):
    """(status, body) of one request on a connection of its own; (0, b"") when there is no answer in time."""
    try:
        with Client(port, timeout=timeout, address=address) as client:
            answer = client.ask(http1.head(path, *(["Content-Length: 0"] if method == "POST" else []), method=method))
            return answer.status, bytes(answer.body)
    except (OSError, http1.Cut, http1.Broken):
        return 0, b""
