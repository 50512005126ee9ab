"""Where a request ends: lengths, chunks, and what smuggles a second request into the first (RFC 9112 section 6)."""

from scenarios.hostile_cases.case import Case, request

POINT = "5: framing and smuggling"
POST = dict(method="POST")
SMUGGLED = request(target="/api/show?smuggled")


def framing(name, expected, sent, why="", see=("body",)):
    return Case(POINT, name, sent, expected, see, why)


CASES = [
    framing("both lengths", "400 problem, closed", request("Content-Length: 4", "Transfer-Encoding: chunked", **POST) + b"0\r\n\r\n" + SMUGGLED),
    framing("lengths that differ", "400 problem, closed", request("Content-Length: 4", "Content-Length: 5", **POST) + b"abcde"),
    framing("the same length twice", "400 problem, closed", request("Content-Length: 4", "Content-Length: 4", **POST) + b"abcd"),
    framing("a list of lengths", "400 problem, closed", request("Content-Length: 4, 4", **POST) + b"abcd"),
    framing("signed length", "400 problem, closed", request("Content-Length: +4", **POST) + b"abcd"),
    framing("negative length", "400 problem, closed", request("Content-Length: -4", **POST) + b"abcd"),
    framing("hexadecimal length", "400 problem, closed", request("Content-Length: 0x4", **POST) + b"abcd"),
    framing("length over 64 bits", "400 problem, closed", request("Content-Length: 99999999999999999999", **POST)),
    framing("empty length", "400 problem, closed", request("Content-Length:", **POST)),
    framing("bare LF after the request line", "400 problem, closed", b"GET /api/show HTTP/1.1\nHost: localhost\n\n",
            why="RFC 9112 2.2 allows both; the strict reading leaves no two"),
    framing("bare LF after a field", "400 problem, closed", b"GET /api/show HTTP/1.1\r\nHost: localhost\nX-A: 1\r\n\r\n", why="as above"),
    framing("bare CR after the request line", "400 problem, closed", b"GET /api/show HTTP/1.1\rHost: localhost\r\n\r\n"),
    framing("chunked, well", "200 body=4", request("Transfer-Encoding: chunked", **POST) + b"4\r\nabcd\r\n0\r\n\r\n"),
    framing("chunked in capitals", "200 body=4", request("Transfer-Encoding: CHUNKED", **POST) + b"4\r\nabcd\r\n0\r\n\r\n"),
    framing("xchunked", "501 problem, closed", request("Transfer-Encoding: xchunked", **POST) + SMUGGLED),
    framing("xchunked behind another request", "200 + 501 problem, closed", request() + request("Transfer-Encoding: xchunked", **POST) + SMUGGLED, see=()),
    framing("identity", "501 problem, closed", request("Transfer-Encoding: identity", **POST) + SMUGGLED),
    framing("gzip, chunked", "501 problem, closed", request("Transfer-Encoding: gzip, chunked", **POST) + b"0\r\n\r\n"),
    framing("chunked, identity", "400 problem, closed", request("Transfer-Encoding: chunked, identity", **POST) + b"0\r\n\r\n" + SMUGGLED),
    framing("chunked twice", "501 problem, closed", request("Transfer-Encoding: chunked", "Transfer-Encoding: chunked", **POST) + b"0\r\n\r\n"),
    framing("chunked and another field", "501 problem, closed", request("Transfer-Encoding: chunked", "Transfer-Encoding: cow", **POST) + b"0\r\n\r\n" + SMUGGLED),
    framing("vertical tab before chunked", "400 problem, closed", request("Transfer-Encoding: \x0bchunked", **POST) + SMUGGLED),
    framing("chunked in quotes", "501 problem, closed", request('Transfer-Encoding: "chunked"', **POST) + SMUGGLED),
    framing("blank in the field's name", "400 problem, closed", request("Transfer-Encoding : chunked", **POST) + b"0\r\n\r\n"),
    framing("chunked in HTTP/1.0", "400 problem, closed", request("Transfer-Encoding: chunked", version="HTTP/1.0", **POST) + b"0\r\n\r\n"),
    framing("chunk size that is no number", "400 problem, closed", request("Transfer-Encoding: chunked", **POST) + b"zz\r\nabcd\r\n0\r\n\r\n"),
    framing("chunk size with 0x", "400 problem, closed", request("Transfer-Encoding: chunked", **POST) + b"0x4\r\nabcd\r\n0\r\n\r\n"),
    framing("negative chunk size", "400 problem, closed", request("Transfer-Encoding: chunked", **POST) + b"-4\r\nabcd\r\n0\r\n\r\n"),
    framing("chunk size over 64 bits", "400 problem, closed", request("Transfer-Encoding: chunked", **POST) + b"fffffffffffffffff\r\nabcd\r\n0\r\n\r\n"),
    framing("chunk longer than its size", "400 problem, closed", request("Transfer-Encoding: chunked", **POST) + b"4\r\nabcdef\r\n0\r\n\r\n"),
    framing("bare LF after a chunk size", "400 problem, closed", request("Transfer-Encoding: chunked", **POST) + b"4\nabcd\r\n0\r\n\r\n", why="the strict reading"),
    framing("bare LF after a chunk", "400 problem, closed", request("Transfer-Encoding: chunked", **POST) + b"4\r\nabcd\n0\r\n\r\n", why="the strict reading"),
    framing("a trailer field", "200 body=4 no HTTP_X_T", request("Transfer-Encoding: chunked", **POST) + b"4\r\nabcd\r\n0\r\nX-T: 1\r\n\r\n", see=("body", "HTTP_X_T")),
    framing("body of a GET", "200 body=4", request("Content-Length: 4") + b"abcd"),
    framing("h2c upgrade without settings", "200", request("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c"), see=()),
]
