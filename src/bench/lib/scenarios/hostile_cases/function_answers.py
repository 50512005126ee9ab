"""What functions answer: heads that must not reach a client as they are."""

from clients.blocking import FIRST_BYTE, Client
from clients.http1 import answers
from scenarios.hostile_cases.case import DROPPED, Case, request, told_of

POINT = "5: what functions answer"


def answered(name, fields, expected, why=""):
    """A function is asked to send these fields (coded as in a query)."""
    sent = request(target="/api/emit?" + "&".join("h[]=" + field for field in fields))
    names = {field.partition("%3a")[0].partition(":")[0].lower() for field in fields} - {"status"}

    def act(server):
        with Client(server.port) as client:
            client.send(sent)
            found = answers(client.read(first=FIRST_BYTE))
            if not found:
                return "no answer" + (", closed" if client.closed else "")
            told = told_of(server, found[0])
            if not found[0]:
                return told
            has = found[0].fields
            extra = " ".join(f"{name}: {has[name]}" if name in has else f"no {name}" for name in sorted(names) if name)
            return told + (f" {extra}" if found[0].status == 200 else "") + (" INJECTED" if "x-b" in has else "")

    return Case(POINT, name, sent, expected, why=why, act=act)


CASES = [
    answered("CRLF in a value", ["X-A:a%0d%0aX-B:b"], "200 no x-a"),
    answered("CR in a value", ["X-A:a%0dX-B:b"], "200 no x-a"),
    answered("NUL in a value", ["X-A:a%00b"], "200 no x-a"),
    answered("control character in a value", ["X-A:a%01b"], "200 no x-a", why="the field is left out"),
    answered("blank in a name", ["X%20A:1"], "200 no x%20a", why="no field: it is left out"),
    answered("Connection from PHP", ["Connection:X-Hop"], "200 no connection"),
    answered("Keep-Alive from PHP", ["Keep-Alive:timeout=99"], "200 no keep-alive"),
    answered("Upgrade from PHP", ["Upgrade:h2c"], "200 no upgrade", why=DROPPED),
    answered("Trailer and TE from PHP", ["Trailer:X-T", "TE:x"], "200 no te no trailer", why=DROPPED),
    answered("Transfer-Encoding from PHP", ["Transfer-Encoding:gzip"], "200 no transfer-encoding"),
    answered("Content-Length that is no number", ["Content-Length:abc"], "200 content-length: 2", why="counts as none, and the length is known"),
    answered("Status that is no number", ["Status:abc"], "502 problem"),
]
