"""Frames of HTTP/2 (RFC 9113): what every client of HTTP/2 here writes and reads."""

import struct
from typing import NamedTuple

from clients import hpack

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
HEAD = 9  # bytes before a payload
LARGEST = 16_384  # bytes of a payload, unless the settings allow more
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 0, 1, 3, 4, 6, 7, 8, 9
# Flags; 1 means another thing in SETTINGS and PING.
END_STREAM = ACK = 1
END_HEADERS, PADDED, PRIORITY = 4, 8, 32
TABLE_SIZE, PUSH, FIRST_WINDOW = 1, 2, 4  # settings
ERRORS = ("NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
          "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM")
CANCEL = ERRORS.index("CANCEL")


class Frame(NamedTuple):
    kind: int
    flags: int
    stream: int
    payload: bytes

    @property
    def content(self):
        """The payload of DATA or HEADERS without padding and priority."""
        payload = self.payload
        if self.flags & PADDED:
            payload = payload[1:len(payload) - payload[0]]
        return payload[5:] if self.kind == HEADERS and self.flags & PRIORITY else payload

    @property
    def error(self):
        """The error code's name in RST_STREAM and GOAWAY."""
        code = int.from_bytes(self.payload[4:8] if self.kind == GOAWAY else self.payload, "big")
        return ERRORS[code] if code < len(ERRORS) else str(code)


class FrameReader:
    """Takes the bytes of one connection in pieces of any size and gives the frames that are complete with them."""

    def __init__(self):
        self.bytes = bytearray()

    def feed(self, data):
        self.bytes += data
        frames, at = [], 0
        while len(self.bytes) - at >= HEAD:
            end = at + HEAD + int.from_bytes(self.bytes[at:at + 3], "big")
            if len(self.bytes) < end:
                break
            stream = int.from_bytes(self.bytes[at + 5:at + HEAD], "big") & 0x7FFF_FFFF
            frames.append(Frame(self.bytes[at + 3], self.bytes[at + 4], stream, bytes(self.bytes[at + HEAD:end])))
            at = end
        del self.bytes[:at]
        return frames


def frame(kind, flags, stream, payload=b""):
    """The bytes of a frame."""
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def settings(*pairs):
    """The bytes of SETTINGS with these names and values."""
    return frame(SETTINGS, 0, 0, b"".join(struct.pack(">HI", name, value) for name, value in pairs))


def window_update(stream, octets):
    return frame(WINDOW_UPDATE, 0, stream, struct.pack(">I", octets))


def reset(stream, error=CANCEL):
    return frame(RST_STREAM, 0, stream, struct.pack(">I", error))


def request_fields(method, path, *more, authority="localhost"):
    """The fields of a request, the pseudo-fields first."""
    return ((":method", method), (":scheme", "http"), (":path", path), (":authority", authority), *more)


def request(stream, *fields, end=True):
    """The bytes of HEADERS with all fields; `end`: no body follows."""
    return frame(HEADERS, END_HEADERS | end, stream, hpack.block(*fields))
