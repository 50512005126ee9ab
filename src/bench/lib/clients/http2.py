"""An HTTP/2 client of the standard library alone (RFC 9113): many streams on a connection, each with its own pace."""

import asyncio
import ssl
import struct

from clients import frames, hpack
from clients.http1 import Cut
from clients.http2_stream import Stream

USUAL_WINDOW = 65_535  # bytes, of a connection and of a stream (RFC 9113 section 6.9.2)
WIDE = 1 << 30  # bytes that the connection's window gets on top, so that only the streams' windows count
PIECE = 65_536  # bytes that are read at a time


class Connection:
    """`window`: of each stream; what a slow reader leaves there, the server cannot send. The connection's own is wide.

    Why a stream ended early, Cut says: after the head of an answer it was cut, before that it is "gone" for a reason."""

    @classmethod
    async def open(cls, port, tls=None, window=USUAL_WINDOW):
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=tls)
        if tls and writer.get_extra_info("ssl_object").selected_alpn_protocol() != "h2":
            writer.close()
            raise Cut(False, "gone: no h2 by ALPN")
        return cls(reader, writer, window)

    def __init__(self, reader, writer, window):
        self.reader, self.writer, self.first_window = reader, writer, window
        self.streams, self.next = {}, 1
        self.window, self.peer_window = USUAL_WINDOW, USUAL_WINDOW
        self.credit = asyncio.Event()  # some window has grown
        self.why = None  # why there are no new streams
        self.head_frame, self.block = None, b""  # HEADERS whose block goes on in CONTINUATION
        settings = frames.settings((frames.TABLE_SIZE, 0), (frames.PUSH, 0), (frames.FIRST_WINDOW, window))
        self.write(frames.PREFACE + settings + frames.window_update(0, WIDE))
        self.task = asyncio.create_task(self.receive())

    @property
    def usable(self):
        return self.why is None

    @property
    def closed(self):
        return self.writer.transport.is_closing()

    def write(self, data):
        if not self.closed:
            self.writer.write(data)

    def start(self, method, path, length=None):
        """Sends the head; `length` of a body that follows, None: there is none."""
        if not self.usable:
            raise Cut(False, self.why)
        stream = Stream(self.next, self.peer_window)
        self.next += 2
        self.streams[stream.number] = stream
        more = [] if length is None else [("content-length", str(length))]
        self.write(frames.request(stream.number, *frames.request_fields(method, path, *more), end=length is None))
        return stream

    async def send(self, stream, body, end=True, rate=None):
        """The body, as the windows let it and at most `rate` bytes a second. Ends early when the answer has come."""
        at = 0
        while at < len(body) and not stream.ended:
            room = min(frames.LARGEST, self.window, stream.window, len(body) - at)
            if room <= 0:
                self.credit.clear()
                await self.credit.wait()
                continue
            last = end and at + room == len(body)
            self.write(frames.frame(frames.DATA, frames.END_STREAM if last else 0, stream.number, body[at:at + room]))
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
            if taken := min(stream.unread, frames.LARGEST):
                if rate:
                    await asyncio.sleep(taken / rate)
                stream.unread -= taken
                if not stream.ended:
                    self.write(frames.window_update(stream.number, taken))
            elif stream.ended:
                self.streams.pop(stream.number, None)
                return stream.status, bytes(stream.body)
            else:
                await stream.changed.wait()

    def cancel(self, stream):
        if self.streams.pop(stream.number, None) and not stream.ended:
            self.write(frames.reset(stream.number))

    def check(self, stream):
        if stream.why:
            self.streams.pop(stream.number, None)
            raise Cut(stream.status is not None, stream.why)

    def close(self):
        self.task.cancel()
        self.writer.transport.abort()

    async def receive(self):
        reader = frames.FrameReader()
        try:
            while data := await self.reader.read(PIECE):
                for frame in reader.feed(data):
                    self.take(frame)
            self.lost("gone: end of the connection")
        except (OSError, ssl.SSLError) as end:
            self.lost(f"gone: connection: {type(end).__name__}")

    def take(self, frame):
        stream = self.streams.get(frame.stream)
        if frame.kind == frames.DATA:
            self.data(stream, frame)
        elif frame.kind in (frames.HEADERS, frames.CONTINUATION):
            self.headers(stream, frame)
        elif frame.kind == frames.RST_STREAM and stream:
            self.end(stream, "gone: RST_STREAM " + frame.error)
        elif frame.kind == frames.SETTINGS and not frame.flags & frames.ACK:
            self.settings(frame.payload)
        elif frame.kind == frames.PING and not frame.flags & frames.ACK:
            self.write(frames.frame(frames.PING, frames.ACK, 0, frame.payload))
        elif frame.kind == frames.GOAWAY:
            self.go_away(frame)
        elif frame.kind == frames.WINDOW_UPDATE:
            self.grow(stream, frame)

    def data(self, stream, frame):
        if frame.payload:
            self.write(frames.window_update(0, len(frame.payload)))
        if stream:
            stream.unread += len(frame.payload)
            stream.body += frame.content
            if frame.flags & frames.END_STREAM:
                self.end(stream)
            stream.changed.set()

    def headers(self, stream, frame):
        """A block may come in several frames, with none of another stream between them (RFC 9113 section 6.10)."""
        if frame.kind == frames.HEADERS:
            self.head_frame, self.block = frame, b""
        self.block += frame.content
        if not frame.flags & frames.END_HEADERS or not stream:
            return
        if stream.status is None and (status := hpack.status(self.block)) >= 200:
            stream.status = status
            stream.changed.set()
        if self.head_frame.flags & frames.END_STREAM:
            self.end(stream)

    def settings(self, payload):
        for name, value in struct.iter_unpack(">HI", payload):
            if name == frames.FIRST_WINDOW:
                for stream in self.streams.values():
                    stream.window += value - self.peer_window
                self.peer_window = value
        self.write(frames.frame(frames.SETTINGS, frames.ACK, 0))
        self.credit.set()

    def go_away(self, frame):
        """The streams above the last one that the server has taken are over."""
        self.why = "gone: GOAWAY " + frame.error
        last = int.from_bytes(frame.payload[:4], "big") & 0x7FFF_FFFF
        for stream in list(self.streams.values()):
            if stream.number > last:
                self.end(stream, self.why)

    def grow(self, stream, frame):
        octets = int.from_bytes(frame.payload, "big")
        if frame.stream == 0:
            self.window += octets
        elif stream:
            stream.window += octets
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
