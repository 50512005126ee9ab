"""HTTP/1.1 as a client sees it (RFC 9112): heads of requests, and the one reader of answers that all clients share."""

MOST_HEAD = 256 * 1024  # bytes of a head or of a line; more is taken for nonsense
WITHOUT_BODY = (204, 304)  # RFC 9112 section 6.3; no client here sends HEAD or CONNECT


class Broken(Exception):
    """The server has sent something that cannot be an answer."""


class Cut(Exception):
    """The connection, or the stream of HTTP/2, ended before the answer was complete.

    `begun` is true when some of the answer had come. Else `why` says what ended it."""

    def __init__(self, begun, why="unanswered"):
        super().__init__(why)
        self.begun = begun


class Answer:
    """One answer. The names of `fields` are in small letters; of a field that is repeated the last value stands there.

    `body` holds what is kept of the content, and `length` counts all of it."""

    __slots__ = ("status", "fields", "body", "length", "keeps")

    def __init__(self, status, fields):
        self.status, self.fields = status, fields
        self.body, self.length = bytearray(), 0
        self.keeps = fields.get("connection", "").lower() != "close"  # whether the connection stays

    def add(self, piece, most):
        self.length += len(piece)
        self.body += piece if most is None else piece[:max(0, most - len(self.body))]


class Reader:
    """Takes the bytes of one connection in pieces of any size and gives the answers in them; interim ones (1xx) are passed over.

    `most` bytes of each body are kept (None: all), so that a body without an end fills no memory."""

    def __init__(self, most=None):
        self.most = most
        self.bytes = bytearray()  # not understood yet
        self.answer = None  # whose head has come and whose body has not ended
        self.complete = []
        self.ends_with_connection = False
        self.parsing = self.parse()
        next(self.parsing)

    @property
    def begun(self):
        """Whether a part of an answer that is not complete has come."""
        return self.answer is not None or bool(self.bytes)

    def feed(self, data):
        """The answers that are complete with these bytes, in a list; raises Broken."""
        self.bytes += data
        next(self.parsing)
        complete, self.complete = self.complete, []
        return complete

    def end(self):
        """The server has closed the connection: the answer that ends thereby; raises Cut when none does."""
        if self.answer is None or not self.ends_with_connection:
            raise Cut(self.begun)
        answer, self.answer = self.answer, None
        return answer

    def parse(self):
        """Runs until the bytes are used up, and yields for more."""
        while True:
            status, fields = parse_head((yield from self.until(b"\r\n\r\n")))
            if status < 200:
                continue
            self.answer = Answer(status, fields)
            if fields.get("transfer-encoding", "").lower() == "chunked":
                yield from self.chunks()
            elif status in WITHOUT_BODY:
                pass
            elif "content-length" in fields:
                yield from self.content(number(fields["content-length"], 10))
            else:
                self.ends_with_connection, self.answer.keeps = True, False
                yield from self.content(float("inf"))
            self.complete.append(self.answer)
            self.answer = None

    def until(self, mark):
        """The bytes before the mark, which goes too."""
        searched = 0
        while (at := self.bytes.find(mark, searched)) < 0:
            if len(self.bytes) > MOST_HEAD:
                raise Broken(f"no end within {MOST_HEAD} bytes")
            searched = max(0, len(self.bytes) - len(mark) + 1)
            yield
        found = bytes(self.bytes[:at])
        del self.bytes[:at + len(mark)]
        return found

    def content(self, length):
        while length > 0:
            if not self.bytes:
                yield
                continue
            size = min(length, len(self.bytes))
            self.answer.add(bytes(self.bytes[:size]), self.most)
            del self.bytes[:size]
            length -= size

    def chunks(self):
        while size := number((yield from self.until(b"\r\n")).partition(b";")[0], 16):
            yield from self.content(size)
            if (yield from self.until(b"\r\n")):
                raise Broken("a chunk is longer than its size")
        while (yield from self.until(b"\r\n")):  # trailer fields
            pass


def number(text, base):
    """A length that consists only of digits, since int() would also accept signs, blanks and underscores."""
    text = text.decode("latin-1") if isinstance(text, bytes) else text
    if not text.isascii() or not text.isalnum():
        raise Broken(f"no length: {text!r}")
    try:
        return int(text, base)
    except ValueError:
        raise Broken(f"no length: {text!r}") from None


def parse_head(head):
    """The status and the fields of an answer's head."""
    first, *lines = head.decode("latin-1").split("\r\n")
    version, _, rest = first.partition(" ")
    if version not in ("HTTP/1.1", "HTTP/1.0") or not rest[:3].isdigit():
        raise Broken(first)
    fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return int(rest[:3]), fields


def head(target, *lines, method="GET", version="HTTP/1.1", host="Host: localhost"):
    """The head of a request, with these lines as they are, well-formed or not; an empty `host` leaves that line out."""
    return "\r\n".join([f"{method} {target} {version}", *([host] if host else []), *lines, "", ""]).encode("latin-1")


def answers(data):
    """The answers in these bytes; the last one as far as it has come; None in its place when it is no answer."""
    reader = Reader()
    try:
        found = reader.feed(data)
    except Broken:
        return reader.complete + [None]
    return found + ([reader.answer] if reader.begun else [])
