"""Methods and versions."""

from scenarios.hostile_cases.case import Case, request

POINT = "5: methods and versions"

CASES = [
    Case(POINT, "TRACE", request("X-Secret: 1", method="TRACE"), "405 problem, closed"),
    Case(POINT, "CONNECT", request(method="CONNECT", target="example.org:443"), "405 problem, closed"),
    Case(POINT, "CONNECT with a path", request(method="CONNECT"), "405 problem, closed"),
    Case(POINT, "small letters", request(method="get"), "400 problem, closed"),
    Case(POINT, "unknown method", request(method="FROB"), "200 REQUEST_METHOD=FROB", ("REQUEST_METHOD",)),
    Case(POINT, "not a token", request(method="G{T"), "400 problem, closed"),
    Case(POINT, "HTTP/0.9", b"GET /api/show\r\n\r\n", "400 problem, closed", why="nginx still speaks it"),
    Case(POINT, "HTTP/1.2", request(version="HTTP/1.2"), "505 problem, closed", why=""),
    Case(POINT, "HTTP/3.0", request(version="HTTP/3.0"), "505 problem, closed"),
    Case(POINT, "no version", request(version="HTTP"), "400 problem, closed"),
    Case(POINT, "TLS hello on the plain port", bytes.fromhex("16030100a5010000a10303") + b"\0" * 150 + b"\r\n\r\n", "400 problem, closed",
         shown="a ClientHello"),
    Case(POINT, "nonsense", b"\xff\xfe\xfd\r\n\r\n", "400 problem, closed"),
]
