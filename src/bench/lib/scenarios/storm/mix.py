"""The functions that are asked for in a storm, and what they answer."""

import hashlib
from typing import NamedTuple

PIECES = 5  # of an answer of stream


class Function(NamedTuple):
    name: str
    share: int  # of the requests
    millis: int  # that it usually waits
    idempotent: bool = False


CHAOS = (
    Function("brief", 40, 10),
    Function("run", 20, 100),
    Function("again", 20, 50, idempotent=True),
    Function("stream", 8, 120),
    Function("upload", 5, 20),
    Function("pipe", 3, 20),
    Function("late", 4, 60),
)
SOAK = (
    Function("brief", 36, 10),
    Function("run", 14, 60),
    Function("again", 14, 40, idempotent=True),
    Function("stream", 8, 60),
    Function("upload", 8, 20),
    Function("pipe", 5, 20),
    Function("late", 6, 60),
    Function("big", 5, 0),
    Function("job", 4, 20),
)
WITH_BODY = ("upload", "pipe")


def mean_millis(mix):
    return sum(one.share * one.millis for one in mix) / sum(one.share for one in mix)


def draw(dice, mix):
    return dice.choices(mix, [one.share for one in mix])[0]


def named(mix, name):
    return next(one for one in mix if one.name == name)


def query(dice, function):
    """The query that says how long the function waits."""
    return f"ms={round(function.millis * dice.uniform(0.5, 1.5))}"


def expected(request, body, kibibytes=0):
    """What the function of this request answers, byte by byte. One poison answers at all."""
    if request.poison:
        return f"{request.id} half\n".encode()
    if request.function == "big":
        return hashlib.md5(request.id.encode()).hexdigest().encode() * 32 * kibibytes + f"{request.id} done\n".encode()
    pieces = "".join(f"{request.id} piece {n}\n" for n in range(PIECES)) if request.function == "stream" else ""
    return f"{pieces}{request.id} {f'{hashlib.md5(body).hexdigest()} ' if body else ''}done\n".encode()
