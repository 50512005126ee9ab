"""The ways in which the clients of soak ask: a tenth of them is not well-behaved."""

import asyncio

from scenarios.storm import mix
from scenarios.storm.clients import Aborted

ASKS = "asks"  # and takes its answer: what all others do
# What a client does, as a share of all requests.
WAYS = {
    "aborts in its head": 0.005,
    "aborts in its body": 0.01,
    "aborts while it waits": 0.015,
    "aborts in its answer": 0.01,
    "goes with half a second request": 0.005,
    "writes its head slowly": 0.01,
    "writes its body slowly": 0.01,
    "reads slowly": 0.015,
}
OF_UPLOADS = ("aborts in its head", "aborts in its body", "writes its body slowly")
OF_LARGE_ANSWERS = ("reads slowly", "aborts in its answer", "goes with half a second request")

BODIES = (2_000, 60_000, 400_000, 1_200_000)  # bytes; relais.http.body-memory is 256 KiB
KIBIBYTES = (20, 300, 900)  # of an answer of big: within memory, and in the spool
SLOW_WRITER, SLOW_READER = 300_000, 150_000  # bytes/s; both far above the least rates of the gateway
SLOW_SECONDS = 2.0  # at the most of a slow body, as one that is streamed counts into its function's time limit
READERS_SECONDS = 5  # that a slow reader may take beyond its rate
PATIENCE = 0.2  # seconds at the most until a client goes
HEAD_PIECES = 3  # of a head that is written slowly
FAREWELL = b"POST /api/chaos/upload?id=never HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhal"


def draw_way(dice):
    return dice.choices([*WAYS, ASKS], [*WAYS.values(), 1 - sum(WAYS.values())])[0]


def draw_function(dice, way):
    """One that suits the way. Of upload the judge knows that half of a request starts nothing."""
    function = mix.draw(dice, mix.SOAK)
    if way == "aborts in its head" or way in OF_UPLOADS and function.name not in mix.WITH_BODY:
        return mix.named(mix.SOAK, "upload")
    return mix.named(mix.SOAK, "big") if way in OF_LARGE_ANSWERS else function


class Asked:
    """What one client does, drawn before it begins."""

    def __init__(self, request, way, query, dice):
        self.request, self.way = request, way
        name = request.function
        kibibytes = dice.choice(KIBIBYTES if way == ASKS else KIBIBYTES[1:])
        self.body = dice.randbytes(dice.choice(BODIES)) if name in mix.WITH_BODY else None
        self.method = "POST" if self.body else "GET"
        self.path = f"/api/chaos/{name}?id={request.id}&{query}" + (f"&kib={kibibytes}" if name == "big" else "")
        self.body_sent = len(self.body) // 2 if way == "aborts in its body" else len(self.body or b"")
        self.aborts = way.startswith("aborts") or way.startswith("goes")
        self.head_pieces = HEAD_PIECES if way == "writes its head slowly" else 1
        self.write_rate = max(SLOW_WRITER, len(self.body) / SLOW_SECONDS) if way == "writes its body slowly" else None
        self.read_rate = SLOW_READER if way == "reads slowly" else None
        self.patience = dice.uniform(0, PATIENCE)
        if self.read_rate:
            request.slow = kibibytes * 1024 / SLOW_READER + READERS_SECONDS
        self.expected = mix.expected(request, self.body, kibibytes)

    async def leave(self, answering):
        """Goes at the instant that its way says. `answering` has a `head()` that waits for the answer's head."""
        if self.way in OF_LARGE_ANSWERS:
            await answering.head()
        elif self.way == "aborts while it waits":
            await asyncio.sleep(self.patience)
        raise Aborted
