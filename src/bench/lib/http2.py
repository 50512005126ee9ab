"""An HTTP/2 client of the standard library alone (RFC 9113): many streams on a connection, each with its own pace."""

import asyncio
import ssl
import struct

import wire

WINDOW_UPDATE = 8
END_STREAM, ACK, PADDED, PRIORITY = 1, 1, 8, 32
TABLE_SIZE, PUSH, FIRST_WINDOW = 1, 2, 4  # settings
USUAL_WINDOW = 65_535
WIDE = 1 << 30
FRAME = 16_384
CANCEL = 8


class Gone(ConnectionError):
    """The stream or its connection ended early. `begun`: after the head of an answer."""

    def __init__(self, begun, why):
        super().__init__(why)
        self.begun = begun


class Stream:
    def __init__(self, number, window):
        self.number, self.window = number, window
        self.status, self.body, self.ended, self.why = None, bytearray(), False, None
        self.unread = 0  # bytes that came and whose window was not given back
        self.changed = asyncio.Event()


class Connection:
    """`window`: of each stream; what a slow reader leaves there, the server cannot send. The connection's own is wide."""

    @classmethod
    async def open(cls, port, tls=None, window=USUAL_WINDOW):
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=tls, limit=1 << 20)
        if tls and writer.get_extra_info("ssl_object").selected_alpn_protocol() != "h2":
            writer.close()
            raise Gone(False, "no h2 by ALPN")
        return cls(reader, writer, window)

    def __init__(self, reader, writer, window):
        self.reader, self.writer, self.first_window = reader, writer, window
        self.streams, self.next = {}, 1
        self.window, self.peer_window = USUAL_WINDOW, USUAL_WINDOW
        self.credit = asyncio.Event()  # some window has grown
        self.why = None  # why there are no new streams
        settings = struct.pack(">HIHIHI", TABLE_SIZE, 0, PUSH, 0, FIRST_WINDOW, window)
        self.write(wire.PREFACE + wire.frame(wire.SETTINGS, 0, 0, settings) + self.grant(0, WIDE))
        self.task = asyncio.create_task(self.receive())

    @property
    def usable(self):
        return self.why is None

    def write(self, data):
        if not self.writer.transport.is_closing():
            self.writer.write(data)

    @staticmethod
    def grant(stream, octets):
        return wire.frame(WINDOW_UPDATE, 0, stream, struct.pack(">I", octets))

    def start(self, method, path, length=None):
        """Sends the head; `length` of a body that follows, None: there is none."""
        if not self.usable:
            raise Gone(False, self.why)
        stream = Stream(self.next, self.peer_window)
        self.next += 2
        self.streams[stream.number] = stream
        more = [] if length is None else [("content-length", str(length))]
        head = [(":method", method), (":scheme", "http"), (":path", path), (":authority", "localhost"), *more]
        self.write(wire.request(stream.number, *head, end=length is None))
        return stream

    async def send(self, stream, body, end=True, rate=None):
        """The body, as the windows let it and at most `rate` bytes a second. Ends early when the answer has come."""
        at = 0
        while at < len(body) and not stream.ended:
            room = min(FRAME, self.window, stream.window, len(body) - at)
            if room <= 0:
                self.credit.clear()
                await self.credit.wait()
                continue
            last = end and at + room == len(body)
            self.write(wire.frame(wire.DATA, END_STREAM if last else 0, stream.number, body[at:at + room]))
            at, self.window, stream.window = at + room, self.window - room, stream.window - room
            await self.writer.drain()
            if rate:
                await asyncio.sleep(room / rate)
        self.check(stream)

    async def answer(self, stream, rate=None):
        """(status, body), when it is complete. A slow reader gives its window back at `rate` bytes a second."""
        while True:
            stream.changed.clear()
            self.check(stream)
            if taken := min(stream.unread, FRAME):
                if rate:
                    await asyncio.sleep(taken / rate)
                stream.unread -= taken
                if not stream.ended:
                    self.write(self.grant(stream.number, taken))
            elif stream.ended:
                self.streams.pop(stream.number, None)
                return str(stream.status), bytes(stream.body)
            else:
                await stream.changed.wait()

    def cancel(self, stream):
        if self.streams.pop(stream.number, None) and not stream.ended:
            self.write(wire.frame(wire.RST_STREAM, 0, stream.number, struct.pack(">I", CANCEL)))

    def check(self, stream):
        if stream.why:
            self.streams.pop(stream.number, None)
            raise Gone(stream.status is not None, stream.why)

    def close(self):
        self.task.cancel()
        self.writer.transport.abort()

    async def receive(self):
        try:
            while True:
                head = await self.reader.readexactly(9)
                payload = await self.reader.readexactly(int.from_bytes(head[:3], "big"))
                await self.take(head[3], head[4], int.from_bytes(head[5:9], "big"), payload)
        except (OSError, asyncio.IncompleteReadError, ssl.SSLError) as end:
            self.lost(f"connection: {type(end).__name__}")

    async def take(self, kind, flags, number, payload):
        stream = self.streams.get(number)
        if kind == wire.DATA:
            self.data(stream, flags, payload)
        elif kind == wire.HEADERS:
            if not flags & 4:
                payload += await self.continuation()
            self.head(stream, flags, payload)
        elif kind == wire.RST_STREAM and stream:
            self.end(stream, "RST_STREAM " + wire.ERRORS[int.from_bytes(payload, "big")])
        elif kind == wire.SETTINGS and not flags & ACK:
            self.settings(payload)
        elif kind == wire.PING and not flags & ACK:
            self.write(wire.frame(wire.PING, ACK, 0, payload))
        elif kind == wire.GOAWAY:
            last, code = struct.unpack(">II", payload[:8])
            self.why = "GOAWAY " + wire.ERRORS[code]
            for other in list(self.streams.values()):
                if other.number > last & 0x7FFFFFFF:
                    self.end(other, self.why)
        elif kind == WINDOW_UPDATE:
            octets = int.from_bytes(payload, "big")
            if number == 0:
                self.window += octets
            elif stream:
                stream.window += octets
            self.credit.set()

    async def continuation(self):
        block, flags = b"", 0
        while not flags & 4:
            head = await self.reader.readexactly(9)
            block += await self.reader.readexactly(int.from_bytes(head[:3], "big"))
            flags = head[4]
        return block

    def data(self, stream, flags, payload):
        if payload:
            self.write(self.grant(0, len(payload)))
        if stream:
            stream.unread += len(payload)
            stream.body += payload[1:len(payload) - payload[0]] if flags & PADDED else payload
            if flags & END_STREAM:
                self.end(stream)
            stream.changed.set()

    def head(self, stream, flags, payload):
        if not stream:
            return
        if flags & PADDED:
            payload = payload[1:len(payload) - payload[0]]
        if flags & PRIORITY:
            payload = payload[5:]
        if stream.status is None and (status := wire.status(payload)) >= 200:
            stream.status = status
        if flags & END_STREAM:
            self.end(stream)

    def settings(self, payload):
        for name, value in struct.iter_unpack(">HI", payload):
            if name == FIRST_WINDOW:
                for stream in self.streams.values():
                    stream.window += value - self.peer_window
                self.peer_window = value
        self.write(wire.frame(wire.SETTINGS, ACK, 0))
        self.credit.set()

    def lost(self, why):
        self.why = self.why or why
        for stream in list(self.streams.values()):
            self.end(stream, why)
        self.credit.set()

    def end(self, stream, why=None):
        if not stream.ended:
            stream.ended, stream.why = True, why
            stream.changed.set()
            self.credit.set()
