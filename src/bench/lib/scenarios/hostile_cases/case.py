"""One case of src/bench/hostile: bytes that a stranger sends, and what Relais has to make of them."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from clients.blocking import FIRST_BYTE, Client
from clients.http1 import answers, head

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
TARGET = "/api/show"  # a function that answers with what PHP saw, as JSON
DROPPED = "fields of one connection say nothing to a function (RFC 9110 7.6.1)"
INSIDE = ("/tmp", ".php", "vert", "netty", "quarkus", "java", "exception")  # words that a problem must not tell


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
        return self.act(server) if self.act else react(server, self.sent, self.see)


def request(*lines, target=TARGET, **options):
    """The head of a request for `show` with these lines."""
    return head(target, *lines, **options)


def react(server, sent, see):
    """Sends the bytes, says what came back, and whether the connection stays: then a second request on it has to be answered."""
    with Client(server.port) as client:
        client.send(sent)
        found = answers(client.read(first=FIRST_BYTE))
        last = found[-1] if found else None
        if last and not last.keeps:
            client.read(FIRST_BYTE)  # it may wait for a body that is under way
        told = told_of_all(server, found)
        if see and last:
            told += " " + seen(last.body, see) if last.status == 200 else ""
        if client.closed:
            return told.strip() + ", closed"
        client.send(request(target=f"{TARGET}?again"))
        again = answers(client.read(until=lambda data: b"QUERY_STRING" in data, first=FIRST_BYTE))
        good = again and again[-1] and seen(again[-1].body, ("QUERY_STRING",)) == "QUERY_STRING=again"
        return told.strip() + ("" if good else ", closed" if client.closed else ", then no second answer")


def told_of_all(server, found):
    return " + ".join(told_of(server, answer) for answer in found) or "no answer"


def told_of(server, answer):
    """One answer in short. None is one that cannot be an answer."""
    if answer is None:
        return "broken"
    told = str(answer.status)
    if answer.status >= 400 and server.name == "relais":
        told += " problem" if answer.fields.get("content-type") == "application/problem+json" else ""
        told += " TELLS" if any(word in answer.body.decode("latin-1").lower() for word in INSIDE) else ""
    return told


def seen(body, keys):
    """What PHP saw, by the names of variables; absent ones are shown as such."""
    try:
        server = json.loads(bytes(body))
    except ValueError:
        return ""
    return " ".join(f"{key}={server[key]}" if key in server else f"no {key}" for key in keys)
