"""The cases of src/bench/hostile: the bytes, and what Relais has to make of them."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import wire

# Short times, so that the slow cases end soon; hostile.conf gives nginx the same.
SETTINGS = {
    "relais.http.head-timeout": "2s",
    "relais.http.idle-timeout": "3s",
    "relais.http.body-timeout": "2s",
    "relais.http.write-timeout": "2s",
    "relais.http.max-body-size": "1M",
    "relais.http.max-connections": "200",
    "relais.functions.timeout": "20s",
}


@dataclass(frozen=True)
class Case:
    point: str
    name: str
    sent: bytes
    expected: str
    see: tuple = ()  # variables of PHP to show
    why: str = ""  # a difference from nginx
    shown: str = ""  # in place of the bytes
    act: Callable | None = None  # in place of sending them to HTTP/1.1

    def react(self, server):
        return self.act(server) if self.act else http1(server, self.sent, self.see)


def http1(server, sent, see):
    with wire.Client(server.port) as client:
        client.send(sent)
        found = wire.answers(client.read(first=wire.FIRST))
        if found and found[-1][0] != "broken" and found[-1][1].get("connection") == "close":
            client.read(wire.FIRST)  # it may wait for a body that is under way
        told = " + ".join(told_of(server, answer) for answer in found) or "no answer"
        if see and found:
            told += " " + wire.seen(found[-1][2], see) if found[-1][0] == 200 else ""
        if client.closed:
            return told.strip() + ", closed"
        client.send(b"GET /api/show?again HTTP/1.1\r\nHost: localhost\r\n\r\n")
        again = wire.answers(client.read(until=lambda data: b"QUERY_STRING" in data, first=wire.FIRST))
        good = again and wire.seen(again[-1][2], ("QUERY_STRING",)) == "QUERY_STRING=again"
        return told.strip() + ("" if good else ", closed" if client.closed else ", then no second answer")


def told_of(server, answer):
    status, headers, body = answer
    told = str(status)
    if status != "broken" and status >= 400 and server.name == "relais":
        told += " problem" if headers.get("content-type") == "application/problem+json" else ""
        told += " TELLS" if any(word in body.decode("latin-1").lower()
                                for word in ("/tmp", ".php", "vert", "netty", "quarkus", "java", "exception")) else ""
    return told


CASES = []
HEADERS, FRAMING, TARGETS, METHODS, ANSWERS, H2, SLOW, GREEDY = (
    "5: header fields", "5: framing and smuggling", "5: request targets", "5: methods and versions",
    "5: what functions answer", "5: HTTP/2", "6: slow clients", "6: greedy clients")


def case(point, name, sent, expected, see=(), why="", shown="", act=None):
    CASES.append(Case(point, name, sent, expected, see, why, shown, act))


def head(*lines, target="/api/show", method="GET", version="HTTP/1.1", host="Host: localhost"):
    return "\r\n".join([f"{method} {target} {version}", *([host] if host else []), *lines, "", ""]).encode("latin-1")


def header(name, expected, see, *lines, why=""):
    case(HEADERS, name, head(*lines), expected, see, why)


def framing(name, expected, sent, why="", see=("body",)):
    case(FRAMING, name, sent, expected, see, why)


def target(name, expected, raw, see=("PATH_INFO",), why=""):
    case(TARGETS, name, head(target=raw), expected, see, why)


# --- header fields -------------------------------------------------------------------------------------------------

DROPPED = "fields of one connection say nothing to a function (RFC 9110 7.6.1)"
header("httpoxy", "200 no HTTP_PROXY", ("HTTP_PROXY",), "Proxy: http://evil", why="nginx leaves that to its configuration")
header("httpoxy in capitals", "200 no HTTP_PROXY", ("HTTP_PROXY",), "PROXY: http://evil", why="as above")
header("underscore", "200 no HTTP_X_REAL_IP", ("HTTP_X_REAL_IP",), "X_Real_IP: 1.2.3.4")
header("dot in a name", "200 no HTTP_X.A", ("HTTP_X.A", ), "X.A: 1")
header("other token characters in a name", "200 no HTTP_X!A", ("HTTP_X!A",), "X!A: 1", why="could collide with another name")
header("blank before the colon", "400 problem, closed", (), "X-A : 1")
header("no colon", "400 problem, closed", (), "X-A", why="nginx skips the line")
header("empty name", "400 problem, closed", (), ": 1")
header("NUL in a name", "400 problem, closed", (), "X-A\0B: 1")
header("NUL in a value", "400 problem, closed", (), "X-A: a\0b")
header("CR in a value", "400 problem, closed", ("HTTP_X_A", "HTTP_X_B"), "X-A: a\rX-B: b")
header("byte over 127 in a name", "400 problem, closed", (), "X-\xe4: 1")
header("vertical tab in a value", "400 problem, closed", ("HTTP_X_A",), "X-A: a\x0bb", why="a control character (RFC 9110 5.5 allows both)")
header("obs-fold", "200 HTTP_X_A=a b", ("HTTP_X_A",), "X-A: a", " b", why="joined by a blank (RFC 9112 5.2)")
header("obs-fold as the first line", "400 problem, closed", (), " X-A: a", "X-B: b")
header("Connection", "200 no HTTP_CONNECTION", ("HTTP_CONNECTION",), "Connection: keep-alive", why=DROPPED)
header("Keep-Alive", "200 no HTTP_KEEP_ALIVE", ("HTTP_KEEP_ALIVE",), "Keep-Alive: timeout=9", why=DROPPED)
header("TE and Trailer", "200 no HTTP_TE no HTTP_TRAILER", ("HTTP_TE", "HTTP_TRAILER"), "TE: trailers", "Trailer: X-T", why=DROPPED)
header("Upgrade", "200 no HTTP_UPGRADE", ("HTTP_UPGRADE",), "Upgrade: foo/2", why=DROPPED)
header("Proxy-Connection and Proxy-Authorization", "200 no HTTP_PROXY_CONNECTION no HTTP_PROXY_AUTHORIZATION",
       ("HTTP_PROXY_CONNECTION", "HTTP_PROXY_AUTHORIZATION"), "Proxy-Connection: x", "Proxy-Authorization: Basic eDp5", why=DROPPED)
header("a field that Connection names", "200 no HTTP_X_HOP HTTP_X_END=2", ("HTTP_X_HOP", "HTTP_X_END"),
       "Connection: keep-alive, x-hop", "X-Hop: 1", "X-End: 2", why=DROPPED)
header("two Hosts", "400 problem, closed", (), "Host: other")
case(HEADERS, "no Host", head(host=""), "400 problem, closed")
case(HEADERS, "impossible Host", head(host="Host: a b"), "400 problem, closed")
case(HEADERS, "a path in Host", head(host="Host: localhost/x"), "400 problem, closed", ("HTTP_HOST",))
case(HEADERS, "impossible Host in HTTP/1.0", head(version="HTTP/1.0", host="Host: a/b@c d"), "400 problem, closed")
case(HEADERS, "impossible host in the target", head(target="http://a<b>@c/api/show"), "400 problem, closed")
case(HEADERS, "target's host against Host", head(target="http://other/api/show"), "200 HTTP_HOST=other SERVER_NAME=other",
     ("HTTP_HOST", "SERVER_NAME"), why="the target's host counts (RFC 9112 3.2.2)")

# --- framing --------------------------------------------------------------------------------------------------------

POST = dict(method="POST")
SMUGGLED = b"GET /api/show?smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
framing("both lengths", "400 problem, closed", head("Content-Length: 4", "Transfer-Encoding: chunked", **POST) + b"0\r\n\r\n" + SMUGGLED)
framing("lengths that differ", "400 problem, closed", head("Content-Length: 4", "Content-Length: 5", **POST) + b"abcde")
framing("the same length twice", "400 problem, closed", head("Content-Length: 4", "Content-Length: 4", **POST) + b"abcd")
framing("a list of lengths", "400 problem, closed", head("Content-Length: 4, 4", **POST) + b"abcd")
framing("signed length", "400 problem, closed", head("Content-Length: +4", **POST) + b"abcd")
framing("negative length", "400 problem, closed", head("Content-Length: -4", **POST) + b"abcd")
framing("hexadecimal length", "400 problem, closed", head("Content-Length: 0x4", **POST) + b"abcd")
framing("length over 64 bits", "400 problem, closed", head("Content-Length: 99999999999999999999", **POST))
framing("empty length", "400 problem, closed", head("Content-Length:", **POST))
framing("bare LF after the request line", "400 problem, closed", b"GET /api/show HTTP/1.1\nHost: localhost\n\n",
        why="RFC 9112 2.2 allows both; the strict reading leaves no two")
framing("bare LF after a field", "400 problem, closed", b"GET /api/show HTTP/1.1\r\nHost: localhost\nX-A: 1\r\n\r\n", why="as above")
framing("bare CR after the request line", "400 problem, closed", b"GET /api/show HTTP/1.1\rHost: localhost\r\n\r\n")
framing("chunked, well", "200 body=4", head("Transfer-Encoding: chunked", **POST) + b"4\r\nabcd\r\n0\r\n\r\n")
framing("chunked in capitals", "200 body=4", head("Transfer-Encoding: CHUNKED", **POST) + b"4\r\nabcd\r\n0\r\n\r\n")
framing("xchunked", "501 problem, closed", head("Transfer-Encoding: xchunked", **POST) + SMUGGLED)
framing("xchunked behind another request", "200 + 501 problem, closed", head() + head("Transfer-Encoding: xchunked", **POST) + SMUGGLED, see=())
framing("identity", "501 problem, closed", head("Transfer-Encoding: identity", **POST) + SMUGGLED)
framing("gzip, chunked", "501 problem, closed", head("Transfer-Encoding: gzip, chunked", **POST) + b"0\r\n\r\n")
framing("chunked, identity", "400 problem, closed", head("Transfer-Encoding: chunked, identity", **POST) + b"0\r\n\r\n" + SMUGGLED)
framing("chunked twice", "501 problem, closed", head("Transfer-Encoding: chunked", "Transfer-Encoding: chunked", **POST) + b"0\r\n\r\n")
framing("chunked and another field", "501 problem, closed", head("Transfer-Encoding: chunked", "Transfer-Encoding: cow", **POST) + b"0\r\n\r\n" + SMUGGLED)
framing("vertical tab before chunked", "400 problem, closed", head("Transfer-Encoding: \x0bchunked", **POST) + SMUGGLED)
framing("chunked in quotes", "501 problem, closed", head('Transfer-Encoding: "chunked"', **POST) + SMUGGLED)
framing("blank in the field's name", "400 problem, closed", head("Transfer-Encoding : chunked", **POST) + b"0\r\n\r\n")
framing("chunked in HTTP/1.0", "400 problem, closed", head("Transfer-Encoding: chunked", version="HTTP/1.0", **POST) + b"0\r\n\r\n")
framing("chunk size that is no number", "400 problem, closed", head("Transfer-Encoding: chunked", **POST) + b"zz\r\nabcd\r\n0\r\n\r\n")
framing("chunk size with 0x", "400 problem, closed", head("Transfer-Encoding: chunked", **POST) + b"0x4\r\nabcd\r\n0\r\n\r\n")
framing("negative chunk size", "400 problem, closed", head("Transfer-Encoding: chunked", **POST) + b"-4\r\nabcd\r\n0\r\n\r\n")
framing("chunk size over 64 bits", "400 problem, closed", head("Transfer-Encoding: chunked", **POST) + b"fffffffffffffffff\r\nabcd\r\n0\r\n\r\n")
framing("chunk longer than its size", "400 problem, closed", head("Transfer-Encoding: chunked", **POST) + b"4\r\nabcdef\r\n0\r\n\r\n")
framing("bare LF after a chunk size", "400 problem, closed", head("Transfer-Encoding: chunked", **POST) + b"4\nabcd\r\n0\r\n\r\n", why="the strict reading")
framing("bare LF after a chunk", "400 problem, closed", head("Transfer-Encoding: chunked", **POST) + b"4\r\nabcd\n0\r\n\r\n", why="the strict reading")
framing("a trailer field", "200 body=4 no HTTP_X_T", head("Transfer-Encoding: chunked", **POST) + b"4\r\nabcd\r\n0\r\nX-T: 1\r\n\r\n", see=("body", "HTTP_X_T"))
framing("body of a GET", "200 body=4", head("Content-Length: 4") + b"abcd")
framing("h2c upgrade without settings", "200", head("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c"), see=())

# --- targets --------------------------------------------------------------------------------------------------------

target("dot segments", "200 PATH_INFO=/b", "/api/show/a/../b")
target("encoded dot segments", "200 PATH_INFO=/b", "/api/show/a/%2e%2e/b")
target("climb to another function", "404 problem", "/api/emit/../nothing")
target("above the root", "400 problem, closed", "/api/../../etc/passwd")
target("above the root, encoded", "400 problem, closed", "/%2e%2e/%2e%2e/etc/passwd")
target("repeated slashes", "200 PATH_INFO=/a", "//api///show//a")
target("encoded slash in the name", "404 problem", "/api%2Fshow", why="an encoded slash separates nothing")
target("encoded slash behind the name", "200 PATH_INFO=/a/b", "/api/show/a%2Fb")
target("climb behind an encoded slash", "400 problem, closed", "/api/show/..%2f..%2fetc", why="means different things to different readers")
target("backslash", "404 problem", "/api\\show", why="a backslash is no slash")
target("encoded backslash", "200 PATH_INFO=/..\\x", "/api/show/..%5Cx")
target("path parameter", "404 problem", "/api/show;x=1", why="")
target("path parameter behind the name", "200 PATH_INFO=/;x=1/a", "/api/show/;x=1/a")
target("NUL", "400 problem, closed", "/api/show%00")
target("NUL behind the name", "400 problem, closed", "/api/show/a%00.php")
target("overlong slash", "400 problem, closed", "/api/show/..%c0%af..", why="not UTF-8")
target("overlong dot", "400 problem, closed", "/api/show/%c0%ae%c0%ae/x", why="not UTF-8")
target("broken UTF-8", "400 problem, closed", "/api/show/%ff", why="not UTF-8")
target("raw UTF-8", "200 PATH_INFO=/\u00e4", "/api/show/\xc3\xa4")
target("broken escape", "400 problem, closed", "/api/show%zz")
target("cut escape", "400 problem, closed", "/api/show%2")
target("twice encoded", "200 PATH_INFO=/%2e%2e/x", "/api/show/%252e%252e/x")
target("letters of the prefix encoded", "200 PATH_INFO=/a", "/%61pi/sh%6fw/a")
target("script file by name", "404 problem", "/api/show.php")
target("capital letters", "404 problem", "/api/Show")
target("settings file", "404 problem", "/api/functions.yaml")
target("outside the prefix", "404 problem", "/show")
target("characters that URI parsers refuse", "200 QUERY_STRING=q={a|b}^`\"<>\\", "/api/show?q={a|b}^`\"<>\\", see=("QUERY_STRING",))
target("broken escape in the query", "200 QUERY_STRING=q=%zz", "/api/show?q=%zz", see=("QUERY_STRING",))
target("fragment", "400 problem, closed", "/api/show#x", why="no target has one (RFC 9112 3.2)")
target("asterisk", "400 problem, closed", "*", see=())
target("no slash at its start", "400 problem, closed", "api/show", see=())
target("absolute form", "200 PATH_INFO=/a", "http://localhost/api/show/a")
target("absolute form of another scheme", "400 problem, closed", "ftp://localhost/api/show", see=())
target("control character", "400 problem, closed", "/api/show/\x01", see=())
case(TARGETS, "blank in the target", b"GET /api/show/a b HTTP/1.1\r\nHost: localhost\r\n\r\n", "400 problem, closed")
case(TARGETS, "line of 20,000 bytes", head(target="/api/show?" + "x" * 20000), "414 problem, closed")

# --- methods --------------------------------------------------------------------------------------------------------

case(METHODS, "TRACE", head("X-Secret: 1", method="TRACE"), "405 problem, closed")
case(METHODS, "CONNECT", head(method="CONNECT", target="example.org:443"), "405 problem, closed")
case(METHODS, "CONNECT with a path", head(method="CONNECT"), "405 problem, closed")
case(METHODS, "small letters", head(method="get"), "400 problem, closed")
case(METHODS, "unknown method", head(method="FROB"), "200 REQUEST_METHOD=FROB", ("REQUEST_METHOD",))
case(METHODS, "not a token", head(method="G{T"), "400 problem, closed")
case(METHODS, "HTTP/0.9", b"GET /api/show\r\n\r\n", "400 problem, closed", why="nginx still speaks it")
case(METHODS, "HTTP/1.2", head(version="HTTP/1.2"), "505 problem, closed", why="")
case(METHODS, "HTTP/3.0", head(version="HTTP/3.0"), "505 problem, closed")
case(METHODS, "no version", head(version="HTTP"), "400 problem, closed")
case(METHODS, "TLS hello on the plain port", bytes.fromhex("16030100a5010000a10303") + b"\0" * 150 + b"\r\n\r\n", "400 problem, closed",
     shown="a ClientHello")
case(METHODS, "nonsense", b"\xff\xfe\xfd\r\n\r\n", "400 problem, closed")

# --- answers --------------------------------------------------------------------------------------------------------


def answered(name, fields, expected, why=""):
    query = "&".join("h[]=" + field for field in fields)
    request = head(target="/api/emit?" + query)

    def act(server):
        with wire.Client(server.port) as client:
            client.send(request)
            found = wire.answers(client.read(first=wire.FIRST))
            if not found:
                return "no answer" + (", closed" if client.closed else "")
            names = {f.partition("%3a")[0].partition(":")[0].lower() for f in fields} - {"status"}
            extra = " ".join(f"{n}: {found[0][1][n]}" if n in found[0][1] else f"no {n}" for n in sorted(names) if n)
            more = {"x-b"} & found[0][1].keys()
            return f"{told_of(server, found[0])}" + (f" {extra}" if found[0][0] == 200 else "") + (" INJECTED" if more else "")

    case(ANSWERS, name, request, expected, why=why, act=act)


answered("CRLF in a value", ["X-A:a%0d%0aX-B:b"], "200 no x-a")
answered("CR in a value", ["X-A:a%0dX-B:b"], "200 no x-a")
answered("NUL in a value", ["X-A:a%00b"], "200 no x-a")
answered("control character in a value", ["X-A:a%01b"], "502 problem", why="an answer like that is not passed on")
answered("blank in a name", ["X%20A:1"], "502 problem", why="no field")
answered("Connection from PHP", ["Connection:X-Hop"], "200 no connection")
answered("Keep-Alive from PHP", ["Keep-Alive:timeout=99"], "200 no keep-alive")
answered("Upgrade from PHP", ["Upgrade:h2c"], "200 no upgrade", why=DROPPED)
answered("Trailer and TE from PHP", ["Trailer:X-T", "TE:x"], "200 no te no trailer", why=DROPPED)
answered("Transfer-Encoding from PHP", ["Transfer-Encoding:gzip"], "200 no transfer-encoding")
answered("Content-Length that is no number", ["Content-Length:abc"], "502 problem")
answered("Status that is no number", ["Status:abc"], "502 problem")

# --- HTTP/2 ---------------------------------------------------------------------------------------------------------

PSEUDO = ((":method", "GET"), (":scheme", "http"), (":authority", "localhost"), (":path", "/api/show"))


def pseudo(**changed):
    return tuple((name, changed.get(name[1:], value)) for name, value in PSEUDO if changed.get(name[1:], value) is not None)


def h2(name, expected, *pairs, see=(), why="", frames=None, shown=""):
    sent = frames if frames is not None else wire.request(1, *pairs)
    shown = shown or "`" + " ".join(f"{n}: {v}" for n, v in pairs).encode("unicode_escape").decode() + "`"
    case(H2, name, sent, expected, why=why, shown=shown, act=lambda server: wire.http2(server.port2, sent, see))


MALFORMED = "RST_STREAM PROTOCOL_ERROR"
h2("well", "200", *PSEUDO)
h2("httpoxy", "200, no HTTP_PROXY", *PSEUDO, ("proxy", "http://evil"), see=("HTTP_PROXY",), why="nginx leaves that to its configuration")
h2("underscore in a name", "200, no HTTP_X_A", *PSEUDO, ("x_a", "1"), see=("HTTP_X_A",))
h2("capitals in a name", MALFORMED, *PSEUDO, ("X-A", "1"))
h2("blank in a name", "400", *PSEUDO, ("x a", "1"))
h2("LF in a value", "400", *PSEUDO, ("x-a", "a\nx-b: b"))
h2("CR in a value", "400", *PSEUDO, ("x-a", "a\rb"))
h2("NUL in a value", "400", *PSEUDO, ("x-a", "a\0b"))
h2("connection", MALFORMED, *PSEUDO, ("connection", "close"))
h2("transfer-encoding", MALFORMED, *PSEUDO, ("transfer-encoding", "chunked"))
h2("te: gzip", MALFORMED, *PSEUDO, ("te", "gzip"))
h2("no :method", MALFORMED, *pseudo(method=None))
h2("no :path", MALFORMED, *pseudo(path=None))
h2("empty :path", MALFORMED, *pseudo(path=""))
h2("no :scheme", MALFORMED, *pseudo(scheme=None))
h2("two :path", MALFORMED, *PSEUDO, (":path", "/api/emit"))
h2("unknown pseudo-field", MALFORMED, *PSEUDO, (":x", "1"))
h2("pseudo-field behind a field", MALFORMED, *PSEUDO[:3], ("x-a", "1"), PSEUDO[3])
h2(":authority against host", MALFORMED, *PSEUDO, ("host", "other"))
h2("impossible :authority", MALFORMED, *pseudo(authority="a b"))
h2("LF in :path", "400", *pseudo(path="/api/show\nx"))
h2("dot segments in :path", "200, PATH_INFO=/b", *pseudo(path="/api/show/a/%2e%2e/b"), see=("PATH_INFO",))
h2("broken escape in :path", "400", *pseudo(path="/api/show%zz"))
h2("TRACE", "405", *pseudo(method="TRACE"))
h2("CONNECT", "400", (":method", "CONNECT"), (":authority", "example.org:443"))
h2("content-length against the body", "400, " + MALFORMED, frames=wire.frame(wire.HEADERS, 4, 1, wire.fields(*pseudo(method="POST"), ("content-length", "9")))
   + wire.frame(wire.DATA, 1, 1, b"abcd"), shown="`content-length: 9`, DATA of 4 bytes")
h2("200,000 bytes of fields", "GOAWAY PROTOCOL_ERROR, closed", frames=wire.frame(wire.HEADERS, 1, 1, wire.fields(*PSEUDO)) + b"".join(
    wire.frame(wire.CONTINUATION, 0, 1, wire.fields((f"x-{i}", "x" * 10000))) for i in range(20)),
   shown="CONTINUATION frames without an end")
h2("small CONTINUATION frames", "GOAWAY ENHANCE_YOUR_CALM, closed", frames=wire.frame(wire.HEADERS, 1, 1, wire.fields(*PSEUDO)) + b"".join(
    wire.frame(wire.CONTINUATION, 0, 1, wire.fields(("x", "1"))) for _ in range(2000)), shown="2,000 CONTINUATION frames of 5 bytes")
h2("rapid reset", "GOAWAY ENHANCE_YOUR_CALM, closed", frames=b"".join(
    wire.request(2 * i + 1, *PSEUDO) + wire.frame(wire.RST_STREAM, 0, 2 * i + 1, b"\0\0\0\x08") for i in range(1000)),
   shown="1,000 times HEADERS, RST_STREAM")
h2("frame over the limit", "GOAWAY FRAME_SIZE_ERROR, closed", frames=wire.frame(wire.DATA, 0, 1, b"x" * 20000), shown="DATA of 20,000 bytes")
h2("even stream", "GOAWAY PROTOCOL_ERROR, closed", frames=wire.request(2, *PSEUDO), shown="HEADERS on stream 2")
h2("DATA on an idle stream", "GOAWAY PROTOCOL_ERROR, closed", frames=wire.frame(wire.DATA, 0, 5, b"x"), shown="DATA on stream 5")
h2("broken HPACK", "GOAWAY COMPRESSION_ERROR, closed", frames=wire.frame(wire.HEADERS, 5, 1, b"\xff\xff\xff\xff\xff\xff"), shown="an index over the table")

# --- slow clients ---------------------------------------------------------------------------------------------------


def ended(client, drip=b"", every=0.25, most=12.0):
    """Sends a piece again and again until the other side closes; the seconds, and what came back."""
    began, data = time.monotonic(), b""
    while not client.closed and time.monotonic() - began < most:
        if drip:
            client.send(drip)
        data += client.read(every)
    return time.monotonic() - began, data


def slow(name, expected, sent, drip=b"", every=0.25, most=12.0, why="", shown=""):
    def act(server):
        with wire.Client(server.port) as client:
            client.send(sent)
            seconds, data = ended(client, drip, every, most)
            told = " + ".join(told_of(server, answer) for answer in wire.answers(data)) or "no answer"
            return told + (f", closed within {4 if seconds < 4 else 8 if seconds < 8 else 12} s" if client.closed
                           else f", open after {most:.0f} s")

    case(SLOW, name, sent, expected, why=why, act=act, shown=shown)


slow("silent from the start", "no answer, closed within 4 s", b"", shown="nothing")
slow("half a request line", "no answer, closed within 4 s", b"GET /api/sh")
slow("head that does not end", "no answer, closed within 4 s", b"GET /api/show HTTP/1.1\r\nHost: localhost\r\n")
slow("head, a byte each 250 ms", "no answer, closed within 4 s", b"GET /api/show HTTP/1.1\r\nX-A: ", b"a")
slow("head, a field each 250 ms", "no answer, closed within 4 s", b"GET /api/show HTTP/1.1\r\n", b"X-A: 1\r\n")
slow("HTTP/2 preface cut", "no answer, closed within 4 s", b"PRI * HTTP/2.0\r\n\r\n")
slow("silent after an answer", "200, closed within 4 s", head())
slow("second head, a byte each 250 ms", "200, closed within 4 s", head() + b"GET /api/show HTTP/1.1\r\nX-A: ", b"a")
slow("body that stops", "408 problem, closed within 8 s", head("Content-Length: 10", **POST) + b"abc")
slow("body, a byte each 250 ms", "408 problem, closed within 8 s", head("Content-Length: 1000000", **POST), b"a",
     why="nginx waits as long as each byte comes in time: 69 hours here")
slow("chunks, a byte each 250 ms", "408 problem, closed within 8 s", head("Transfer-Encoding: chunked", **POST), b"1\r\na\r\n", why="as above")


def reader(name, expected, bytes_, drip=0, why=""):
    """Asks for a large answer and reads nothing, or a little now and then, for eight seconds."""

    def act(server):
        with wire.Client(server.port, receive=4096) as client:
            client.send(head(target=f"/api/emit?bytes={bytes_}"))
            began = time.monotonic()
            while time.monotonic() - began < 8:
                time.sleep(0.25)
                if drip:
                    client.socket.recv(drip)
            taken = len(client.read(2))
            return ("broken off" if taken < bytes_ / 2 else "whole") + (", closed" if client.closed else ", open")

    case(SLOW, name, b"", expected, why=why, act=act, shown=f"`GET /api/emit?bytes={bytes_}`")


reader("answer never read", "broken off, closed", 40_000_000)


def idle(server):
    """A second request on a connection that was quiet for a second, well below the idle time."""
    with wire.Client(server.port) as client:
        client.send(head())
        client.read(1.0, first=wire.FIRST)
        client.send(head())
        return " + ".join(told_of(server, a) for a in wire.answers(client.read(first=wire.FIRST)))


case(SLOW, "quiet for a second between two requests", b"", "200", act=idle, shown="`GET`, one second, `GET`")

# --- greedy clients -------------------------------------------------------------------------------------------------

case(GREEDY, "header of 10,000 bytes", head("X-A: " + "a" * 10000), "200", why="the limit is 32 KiB in all")
case(GREEDY, "header of 40,000 bytes", head("X-A: " + "a" * 40000), "431 problem, closed")
case(GREEDY, "100 fields of 500 bytes", head(*(f"X-{i}: " + "a" * 500 for i in range(100))), "431 problem, closed")
case(GREEDY, "300 small fields", head(*(f"X-{i}: 1" for i in range(300))), "431 problem, closed", why="nginx counts bytes only")
case(GREEDY, "5,000 times the same field", head(*("A: 1" for i in range(5000))), "431 problem, closed", why="nginx counts bytes only")
case(GREEDY, "body over the limit, announced", head("Content-Length: 2000000", **POST) + b"a" * 1000, "413 problem, closed")
case(GREEDY, "body over the limit, chunked", head("Transfer-Encoding: chunked", **POST) + b"186a0\r\n" + b"a" * 100000 + b"\r\n"
     + b"f4240\r\n" + b"a" * 1000000 + b"\r\n0\r\n\r\n", "413 problem, closed")
case(GREEDY, "body over the limit, asked for", head("Content-Length: 2000000", "Expect: 100-continue", **POST), "413 problem, closed")
case(GREEDY, "unknown expectation", head("Expect: nonsense"), "200")
case(GREEDY, "50 requests at once on a connection", head() * 50, " + ".join(["200"] * 50), shown="50 times `GET /api/show`")


def crowd(server):
    """300 connections, of which 200 are allowed."""
    clients = [wire.Client(server.port) for _ in range(300)]
    time.sleep(0.5)
    try:
        closed = 0
        for client in clients:
            client.read(0.002)
            closed += client.closed
        return f"{closed} of 300 closed at once"
    finally:
        for client in clients:
            client.__exit__()


case(GREEDY, "300 connections", b"", "100 of 300 closed at once", act=crowd, shown="300 times `connect`, limit 200",
     why="nginx' limit is `worker_connections`, 12,000 here")
