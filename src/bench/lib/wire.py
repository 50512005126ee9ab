"""Raw HTTP/1.1 and HTTP/2 clients: they send exactly the bytes they are given and say how the other side reacted."""

import json
import socket
import struct

FIRST = 5  # seconds that an answer's first byte may take, on a busy machine
QUIET = 0.5  # seconds without a byte after which an answer is taken for complete


class Client:
    """One connection. Reads until the other side closes or has been quiet for a while."""

    def __init__(self, port, receive=0):
        self.socket = socket.socket()
        if receive:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(10)
        self.socket.connect(("127.0.0.1", port))
        self.closed = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError:
            self.closed = True

    def read(self, quiet=QUIET, until=lambda data: False, first=None):
        data = b""
        try:
            while not until(data):
                self.socket.settimeout(quiet if data else first or quiet)
                piece = self.socket.recv(65536)
                if not piece:
                    self.closed = True
                    break
                data += piece
        except TimeoutError:
            pass
        except OSError:
            self.closed = True
        return data


def answers(data):
    """The answers in these bytes: (status, headers, body) each; interim ones are skipped."""
    found = []
    while data:
        head, separator, data = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        if not separator or not lines[0].startswith("HTTP/1."):
            found.append(("broken", {}, head))
            break
        status = int(lines[0].split(" ")[1])
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        if status < 200:
            continue
        body = b""
        if headers.get("transfer-encoding") == "chunked":
            while True:
                size, _, data = data.partition(b"\r\n")
                length = int(size or b"0", 16)
                body, data = body + data[:length], data[length + 2:]
                if not length:
                    break
        elif "content-length" in headers:
            length = int(headers["content-length"])
            body, data = data[:length], data[length:]
        else:
            body, data = data, b""
        found.append((status, headers, body))
    return found


def seen(body, keys):
    """What PHP saw, by the names of variables; absent ones are shown as such."""
    try:
        server = json.loads(body)
    except ValueError:
        return ""
    return " ".join(f"{key}={server[key]}" if key in server else f"no {key}" for key in keys)


PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, CONTINUATION = 0, 1, 3, 4, 6, 7, 9
ERRORS = ["NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
          "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM"]


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def fields(*pairs):
    """A header block of literals without indexing (RFC 7541 section 6.2.2), names and values as they are."""
    block = b""
    for name, value in pairs:
        block += b"\0"
        for text in (name, value):
            text = text.encode("latin-1") if isinstance(text, str) else text
            length = len(text)
            if length < 127:
                block += bytes([length])
            else:
                length -= 127
                block += b"\x7f"
                while length >= 128:
                    block += bytes([length % 128 + 128])
                    length //= 128
                block += bytes([length])
            block += text
    return block


def request(stream, *pairs, end=True):
    return frame(HEADERS, 4 | end, stream, fields(*pairs))


def status(block):
    """The :status that a header block begins with (RFC 7541 appendices A and B, digits only)."""
    while block[0] & 0xE0 == 0x20:  # a change of the dynamic table's size: one byte, or more that end with one below 128
        more = block[0] & 0x1F == 0x1F
        block = block[1:]
        while more:
            more = block[0] & 0x80
            block = block[1:]
    first = block[0]
    if first & 0x80 and first > 0x8E:
        return "again"  # indexed: as in an answer before
    if 0x88 <= first <= 0x8E:
        return [200, 204, 206, 304, 400, 404, 500][first - 0x88]
    text = block[2:2 + (block[1] & 0x7F)]
    if not block[1] & 0x80:
        return int(text)
    bits, digits = "".join(f"{byte:08b}" for byte in text), ""
    while len(digits) < 3:
        if bits[:5] in ("00000", "00001", "00010"):
            digits, bits = digits + str(int(bits[:5], 2)), bits[5:]
        else:
            digits, bits = digits + str(int(bits[:6], 2) - 0b011001 + 3), bits[6:]
    return int(digits)


def has_answer(data):
    """Whether one of these frames is more than the greeting."""
    while len(data) >= 9:
        if data[3] in (HEADERS, RST_STREAM, GOAWAY):
            return True
        data = data[9 + int.from_bytes(data[:3], "big"):]
    return False


def http2(port, sent, keys=(), quiet=QUIET):
    """What an HTTP/2 server made of these frames, as text."""
    with Client(port) as client:
        client.send(PREFACE + frame(SETTINGS, 0, 0) + sent)
        data = client.read(quiet, first=FIRST, until=has_answer) + client.read(quiet)
        told, bodies = [], {}
        while len(data) >= 9:
            length, kind, flags = int.from_bytes(data[:3], "big"), data[3], data[4]
            stream, payload, data = int.from_bytes(data[5:9], "big"), data[9:9 + length], data[9 + length:]
            if kind == HEADERS and not told.count(f"{stream}"):
                told.append(str(status(payload[5:] if flags & 0x20 else payload)))  # PRIORITY has five bytes
            elif kind == DATA:
                bodies[stream] = bodies.get(stream, b"") + payload
            elif kind == RST_STREAM:
                told.append("RST_STREAM " + ERRORS[int.from_bytes(payload, "big")])
            elif kind == GOAWAY:
                told.append("GOAWAY " + ERRORS[int.from_bytes(payload[4:8], "big")])
        told += [text for text in (seen(body, keys) for body in bodies.values()) if text and keys]
        unique = [text for i, text in enumerate(told) if text not in told[:i]]
        return ", ".join(unique + (["closed"] if client.closed else []))
