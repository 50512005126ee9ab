"""Header fields of a request."""

from scenarios.hostile_cases.case import DROPPED, Case, request

POINT = "5: header fields"


def header(name, expected, see, *lines, why=""):
    return Case(POINT, name, request(*lines), expected, see, why)


CASES = [
    header("httpoxy", "200 no HTTP_PROXY", ("HTTP_PROXY",), "Proxy: http://evil", why="nginx leaves that to its configuration"),
    header("httpoxy in capitals", "200 no HTTP_PROXY", ("HTTP_PROXY",), "PROXY: http://evil", why="as above"),
    header("underscore", "200 no HTTP_X_REAL_IP", ("HTTP_X_REAL_IP",), "X_Real_IP: 1.2.3.4"),
    header("dot in a name", "200 no HTTP_X.A", ("HTTP_X.A", ), "X.A: 1"),
    header("other token characters in a name", "200 no HTTP_X!A", ("HTTP_X!A",), "X!A: 1", why="could collide with another name"),
    header("blank before the colon", "400 problem, closed", (), "X-A : 1"),
    header("no colon", "400 problem, closed", (), "X-A", why="nginx skips the line"),
    header("empty name", "400 problem, closed", (), ": 1"),
    header("NUL in a name", "400 problem, closed", (), "X-A\0B: 1"),
    header("NUL in a value", "400 problem, closed", (), "X-A: a\0b"),
    header("CR in a value", "400 problem, closed", ("HTTP_X_A", "HTTP_X_B"), "X-A: a\rX-B: b"),
    header("byte over 127 in a name", "400 problem, closed", (), "X-\xe4: 1"),
    header("vertical tab in a value", "400 problem, closed", ("HTTP_X_A",), "X-A: a\x0bb", why="a control character (RFC 9110 5.5 allows both)"),
    header("obs-fold", "200 HTTP_X_A=a b", ("HTTP_X_A",), "X-A: a", " b", why="joined by a blank (RFC 9112 5.2)"),
    header("obs-fold as the first line", "400 problem, closed", (), " X-A: a", "X-B: b"),
    header("Connection", "200 no HTTP_CONNECTION", ("HTTP_CONNECTION",), "Connection: keep-alive", why=DROPPED),
    header("Keep-Alive", "200 no HTTP_KEEP_ALIVE", ("HTTP_KEEP_ALIVE",), "Keep-Alive: timeout=9", why=DROPPED),
    header("TE and Trailer", "200 no HTTP_TE no HTTP_TRAILER", ("HTTP_TE", "HTTP_TRAILER"), "TE: trailers", "Trailer: X-T", why=DROPPED),
    header("Upgrade", "200 no HTTP_UPGRADE", ("HTTP_UPGRADE",), "Upgrade: foo/2", why=DROPPED),
    header("Proxy-Connection and Proxy-Authorization", "200 no HTTP_PROXY_CONNECTION no HTTP_PROXY_AUTHORIZATION",
           ("HTTP_PROXY_CONNECTION", "HTTP_PROXY_AUTHORIZATION"), "Proxy-Connection: x", "Proxy-Authorization: Basic eDp5", why=DROPPED),
    header("a field that Connection names", "200 no HTTP_X_HOP HTTP_X_END=2", ("HTTP_X_HOP", "HTTP_X_END"),
           "Connection: keep-alive, x-hop", "X-Hop: 1", "X-End: 2", why=DROPPED),
    header("two Hosts", "400 problem, closed", (), "Host: other"),
    Case(POINT, "no Host", request(host=""), "400 problem, closed"),
    Case(POINT, "impossible Host", request(host="Host: a b"), "400 problem, closed"),
    Case(POINT, "a path in Host", request(host="Host: localhost/x"), "400 problem, closed", ("HTTP_HOST",)),
    Case(POINT, "impossible Host in HTTP/1.0", request(version="HTTP/1.0", host="Host: a/b@c d"), "400 problem, closed"),
    Case(POINT, "impossible host in the target", request(target="http://a<b>@c/api/show"), "400 problem, closed"),
    Case(POINT, "target's host against Host", request(target="http://other/api/show"), "200 HTTP_HOST=other SERVER_NAME=other",
         ("HTTP_HOST", "SERVER_NAME"), why="the target's host counts (RFC 9112 3.2.2)"),
]
