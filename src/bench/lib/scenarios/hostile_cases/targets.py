"""Targets of requests."""

from scenarios.hostile_cases.case import Case, request

POINT = "5: request targets"


def target(name, expected, raw, see=("PATH_INFO",), why=""):
    return Case(POINT, name, request(target=raw), expected, see, why)


CASES = [
    target("dot segments", "200 PATH_INFO=/b", "/api/show/a/../b"),
    target("encoded dot segments", "200 PATH_INFO=/b", "/api/show/a/%2e%2e/b"),
    target("climb to another function", "404 problem", "/api/emit/../nothing"),
    target("above the root", "400 problem, closed", "/api/../../etc/passwd"),
    target("above the root, encoded", "400 problem, closed", "/%2e%2e/%2e%2e/etc/passwd"),
    target("repeated slashes", "200 PATH_INFO=/a", "//api///show//a"),
    target("encoded slash in the name", "404 problem", "/api%2Fshow", why="an encoded slash separates nothing"),
    target("encoded slash behind the name", "200 PATH_INFO=/a/b", "/api/show/a%2Fb"),
    target("climb behind an encoded slash", "400 problem, closed", "/api/show/..%2f..%2fetc", why="means different things to different readers"),
    target("backslash", "404 problem", "/api\\show", why="a backslash is no slash"),
    target("encoded backslash", "200 PATH_INFO=/..\\x", "/api/show/..%5Cx"),
    target("path parameter", "404 problem", "/api/show;x=1", why=""),
    target("path parameter behind the name", "200 PATH_INFO=/;x=1/a", "/api/show/;x=1/a"),
    target("NUL", "400 problem, closed", "/api/show%00"),
    target("NUL behind the name", "400 problem, closed", "/api/show/a%00.php"),
    target("overlong slash", "400 problem, closed", "/api/show/..%c0%af..", why="not UTF-8"),
    target("overlong dot", "400 problem, closed", "/api/show/%c0%ae%c0%ae/x", why="not UTF-8"),
    target("broken UTF-8", "400 problem, closed", "/api/show/%ff", why="not UTF-8"),
    target("raw UTF-8", "200 PATH_INFO=/\u00e4", "/api/show/\xc3\xa4"),
    target("broken escape", "400 problem, closed", "/api/show%zz"),
    target("cut escape", "400 problem, closed", "/api/show%2"),
    target("twice encoded", "200 PATH_INFO=/%2e%2e/x", "/api/show/%252e%252e/x"),
    target("letters of the prefix encoded", "200 PATH_INFO=/a", "/%61pi/sh%6fw/a"),
    target("script file by name", "404 problem", "/api/show.php"),
    target("capital letters", "404 problem", "/api/Show"),
    target("settings file", "404 problem", "/api/functions.yaml"),
    target("outside the prefix", "404 problem", "/show"),
    target("characters that URI parsers refuse", "200 QUERY_STRING=q={a|b}^`\"<>\\", "/api/show?q={a|b}^`\"<>\\", see=("QUERY_STRING",)),
    target("broken escape in the query", "200 QUERY_STRING=q=%zz", "/api/show?q=%zz", see=("QUERY_STRING",)),
    target("fragment", "400 problem, closed", "/api/show#x", why="no target has one (RFC 9112 3.2)"),
    target("asterisk", "400 problem, closed", "*", see=()),
    target("no slash at its start", "400 problem, closed", "api/show", see=()),
    target("absolute form", "200 PATH_INFO=/a", "http://localhost/api/show/a"),
    target("absolute form of another scheme", "400 problem, closed", "ftp://localhost/api/show", see=()),
    target("control character", "400 problem, closed", "/api/show/\x01", see=()),
    Case(POINT, "blank in the target", b"GET /api/show/a b HTTP/1.1\r\nHost: localhost\r\n\r\n", "400 problem, closed"),
    Case(POINT, "line of 20,000 bytes", request(target="/api/show?" + "x" * 20000), "414 problem, closed"),
]
