"""HTTP/2: fields, frames and floods."""

from clients import frames, hpack
from clients.blocking import FIRST_BYTE, Client
from clients.frames import frame
from scenarios.hostile_cases.case import Case, seen

POINT = "5: HTTP/2"
PSEUDO = ((":method", "GET"), (":scheme", "http"), (":authority", "localhost"), (":path", "/api/show"))
MALFORMED = "RST_STREAM PROTOCOL_ERROR"
SAYS = (frames.HEADERS, frames.RST_STREAM, frames.GOAWAY)  # frames that are more than the greeting


def pseudo(**changed):
    """The pseudo-fields of a request with some of them changed, or left out where the change is None."""
    return tuple((name, changed.get(name[1:], value)) for name, value in PSEUDO if changed.get(name[1:], value) is not None)


def h2(name, expected, *fields, see=(), why="", sent=None, shown=""):
    """One request with these fields, or the frames in `sent`."""
    sent = frames.request(1, *fields) if sent is None else sent
    shown = shown or "`" + " ".join(f"{n}: {v}" for n, v in fields).encode("unicode_escape").decode() + "`"
    return Case(POINT, name, sent, expected, why=why, shown=shown, act=lambda server: react(server.port2, sent, see))


def react(port, sent, keys):
    """What an HTTP/2 server made of these frames, as text."""
    with Client(port) as client:
        client.send(frames.PREFACE + frames.settings() + sent)
        data = client.read(first=FIRST_BYTE, until=lambda data: any(f.kind in SAYS for f in frames.FrameReader().feed(data))) + client.read()
        told, bodies = [], {}
        for came in frames.FrameReader().feed(data):
            if came.kind == frames.HEADERS:
                told.append(str(hpack.status(came.content) or "again"))
            elif came.kind == frames.DATA:
                bodies[came.stream] = bodies.get(came.stream, b"") + came.payload
            elif came.kind in (frames.RST_STREAM, frames.GOAWAY):
                told.append(("RST_STREAM " if came.kind == frames.RST_STREAM else "GOAWAY ") + came.error)
        told += [text for text in (seen(body, keys) for body in bodies.values()) if text and keys]
        return ", ".join(list(dict.fromkeys(told)) + (["closed"] if client.closed else []))


CASES = [
    h2("well", "200", *PSEUDO),
    h2("httpoxy", "200, no HTTP_PROXY", *PSEUDO, ("proxy", "http://evil"), see=("HTTP_PROXY",), why="nginx leaves that to its configuration"),
    h2("underscore in a name", "200, no HTTP_X_A", *PSEUDO, ("x_a", "1"), see=("HTTP_X_A",)),
    h2("capitals in a name", MALFORMED, *PSEUDO, ("X-A", "1")),
    h2("blank in a name", "400", *PSEUDO, ("x a", "1")),
    h2("LF in a value", "400", *PSEUDO, ("x-a", "a\nx-b: b")),
    h2("CR in a value", "400", *PSEUDO, ("x-a", "a\rb")),
    h2("NUL in a value", "400", *PSEUDO, ("x-a", "a\0b")),
    h2("connection", MALFORMED, *PSEUDO, ("connection", "close")),
    h2("transfer-encoding", MALFORMED, *PSEUDO, ("transfer-encoding", "chunked")),
    h2("te: gzip", MALFORMED, *PSEUDO, ("te", "gzip")),
    h2("no :method", MALFORMED, *pseudo(method=None)),
    h2("no :path", MALFORMED, *pseudo(path=None)),
    h2("empty :path", MALFORMED, *pseudo(path="")),
    h2("no :scheme", MALFORMED, *pseudo(scheme=None)),
    h2("two :path", MALFORMED, *PSEUDO, (":path", "/api/emit")),
    h2("unknown pseudo-field", MALFORMED, *PSEUDO, (":x", "1")),
    h2("pseudo-field behind a field", MALFORMED, *PSEUDO[:3], ("x-a", "1"), PSEUDO[3]),
    h2(":authority against host", MALFORMED, *PSEUDO, ("host", "other")),
    h2("impossible :authority", "400", *pseudo(authority="a b")),
    h2("LF in :path", "400", *pseudo(path="/api/show\nx")),
    h2("dot segments in :path", "200, PATH_INFO=/b", *pseudo(path="/api/show/a/%2e%2e/b"), see=("PATH_INFO",)),
    h2("broken escape in :path", "400", *pseudo(path="/api/show%zz")),
    h2("TRACE", "405", *pseudo(method="TRACE")),
    h2("CONNECT", "405", (":method", "CONNECT"), (":authority", "example.org:443"), why="as in HTTP/1.1"),
    h2("content-length against the body", "400, RST_STREAM NO_ERROR", why="the answer is complete, and the body is not wanted (RFC 9113 8.1)", sent=frame(frames.HEADERS, 4, 1, hpack.block(*pseudo(method="POST"), ("content-length", "9")))
       + frame(frames.DATA, 1, 1, b"abcd"), shown="`content-length: 9`, DATA of 4 bytes"),
    h2("200,000 bytes of fields", "GOAWAY PROTOCOL_ERROR, closed", sent=frame(frames.HEADERS, 1, 1, hpack.block(*PSEUDO)) + b"".join(
        frame(frames.CONTINUATION, 0, 1, hpack.block((f"x-{i}", "x" * 10000))) for i in range(20)),
       shown="CONTINUATION frames without an end"),
    h2("small CONTINUATION frames", "GOAWAY ENHANCE_YOUR_CALM, closed", sent=frame(frames.HEADERS, 1, 1, hpack.block(*PSEUDO)) + b"".join(
        frame(frames.CONTINUATION, 0, 1, hpack.block(("x", "1"))) for _ in range(2000)), shown="2,000 CONTINUATION frames of 5 bytes"),
    h2("rapid reset", "GOAWAY ENHANCE_YOUR_CALM, closed", sent=b"".join(
        frames.request(2 * i + 1, *PSEUDO) + frame(frames.RST_STREAM, 0, 2 * i + 1, b"\0\0\0\x08") for i in range(1000)),
       shown="1,000 times HEADERS, RST_STREAM"),
    h2("frame over the limit", "GOAWAY FRAME_SIZE_ERROR, closed", sent=frame(frames.DATA, 0, 1, b"x" * 20000), shown="DATA of 20,000 bytes"),
    h2("even stream", "GOAWAY PROTOCOL_ERROR, closed", sent=frames.request(2, *PSEUDO), shown="HEADERS on stream 2"),
    h2("DATA on an idle stream", "GOAWAY PROTOCOL_ERROR, closed", sent=frame(frames.DATA, 0, 5, b"x"), shown="DATA on stream 5"),
    h2("broken HPACK", "GOAWAY COMPRESSION_ERROR, closed", sent=frame(frames.HEADERS, 5, 1, b"\xff\xff\xff\xff\xff\xff"), shown="an index over the table"),
]
