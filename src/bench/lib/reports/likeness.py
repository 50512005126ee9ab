"""What is different in what two servers answered to the same steps of a visitor: volatile parts of pages are masked, all else counts."""

import difflib
import re
from dataclasses import dataclass

# Of tokens, hashes and times: what two runs of the same server do not have alike either. Each becomes its name.
MASKS = [(re.compile(pattern), name) for pattern, name in (
    (r"\b20\d\d-[01]\d-[0-3]\d[T ][0-2]\d:[0-5]\d(:[0-5]\d)?(\.\d+)?(Z|[+-]\d\d:?\d\d)?", "<time>"),
    (r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), ?\d\d?[ -][A-Z][a-z]{2}[ -]20\d\d [0-2]\d:[0-5]\d:[0-5]\d( GMT| [+-]\d{4})?", "<time>"),
    (r"\b[0-2]?\d:[0-5]\d(:[0-5]\d)?\b( ?[ap]\.?m\b\.?)?", "<time>"),
    (r"\b\d+(\.\d+)? ?(ms|s|sec|secs|seconds?|sekunden)\b", "<duration>"),
    (r"\b\d+[.,]\d{3,}\b", "<number>"),
    (r"\b1[67]\d{8}(\d{3})?\b", "<seconds>"),
    (r"%2[BFbf]|%3[Dd]", "+"),  # in tokens of Base64 within addresses
    (r"[A-Za-z0-9+/_-]{24,}={0,2}", "<token>"),
    (r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}\b", "<token>"),
)]
# Of each connection, of each request, of each server's own, and of how an answer is framed.
ASIDE = {"server", "date", "connection", "keep-alive", "transfer-encoding", "content-length", "x-request-id", "cache-status", "server-timing"}
OWN_ERROR = b"<hr><center>nginx"  # in the page that nginx has for an error of its own; Relais has another one
REDIRECTS = (301, 302, 303, 307, 308)  # whose bodies nobody reads
SHOWN = 160  # characters of a line that differs


def masked(text, more=()):
    """The text without what is volatile; `more` are (pattern, name) of an application's own."""
    for pattern, name in [*((re.compile(p), n) for p, n in more), *MASKS]:
        text = pattern.sub(name, text)
    return text


def fields(step, more=()):
    """The fields that count, as sorted lines; of cookies and validators the volatile part is masked."""
    lines = []
    for name, value in step.headers:
        if name in ASIDE:
            continue
        if name == "set-cookie":
            value = re.sub(r"^([^=]+)=[^;]*", lambda m: f"{masked(m[1], more)}=<value>", value)
        elif name == "etag":
            value = re.sub(r'"[^"]*"', '"<tag>"', value).removeprefix("W/")
        lines.append(f"{name}: {masked(value, more)}")
    return sorted(lines)


@dataclass
class Difference:
    """In one fact of one step."""

    step: str
    fact: str
    one: str
    other: str

    def __str__(self):
        return f"{self.fact}: `{self.one or '-'}` / `{self.other or '-'}`"


class Likeness:
    """Of two servers' steps. `bytes` are those of the bodies that were compared, after masking; `pages` how many of them were pages."""

    def __init__(self, one, other, more=()):
        self.one, self.other, self.more = one, other, more
        self.differences, self.bytes, self.masked, self.same, self.pages, self.same_pages = [], 0, 0, 0, 0, 0
        if [s.name for s in one] != [s.name for s in other]:
            names = difflib.unified_diff([s.name for s in one], [s.name for s in other], lineterm="", n=0)
            self.differences.append(Difference("all", "steps", *(" ".join(list(names)[3:9])[:SHOWN], "")))
        partners = {}
        for step in other:
            partners.setdefault(step.name, []).append(step)
        for step in one:
            if partners.get(step.name):
                self.compare(step, partners[step.name].pop(0))

    def compare(self, a, b):
        if a.status != b.status:
            self.note(a, "status", str(a.status), str(b.status))
        if a.status != b.status or OWN_ERROR in a.body:
            return
        ours, theirs = fields(a, self.more), fields(b, self.more)
        for line in sorted({*ours, *theirs}):
            if (missing := ours.count(line) - theirs.count(line)) > 0:
                self.note(a, "field", line, "")
            elif missing < 0:
                self.note(a, "field", "", line)
        if a.status in REDIRECTS:
            return
        self.pages += a.is_page
        if textual(a):
            one, other = masked(a.text, self.more), masked(b.text, self.more)
            self.bytes += len(one)
            self.masked += max(0, len(a.text) - len(one))
        else:
            one, other = a.body, b.body
            self.bytes += len(one)
        if one == other:
            self.same += 1
            self.same_pages += a.is_page
        elif textual(a):
            self.note(a, "body", *first_difference(one, other))
        else:
            self.note(a, "body", f"{len(one)} bytes", f"{len(other)} bytes")

    def note(self, step, *what):
        self.differences.append(Difference(step.name, *(text[:SHOWN] for text in what)))

    def grouped(self):
        """{difference as text: the differences of the steps that have it}"""
        found = {}
        for difference in self.differences:
            found.setdefault(str(difference), []).append(difference)
        return found


def textual(step):
    return bool(re.match(r"text/|application/(json|javascript|xml|rss|atom|xhtml)|[^;]*\+(xml|json)", step.header("content-type") or ""))


def first_difference(one, other):
    """The first lines that differ, from a little before where they do."""
    one, other = one.splitlines(), other.splitlines()
    for tag, a, b, c, d in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag != "equal":
            left, right = " ".join(one[a:b]), " ".join(other[c:d])
            at = next((i for i, (x, y) in enumerate(zip(left, right)) if x != y), min(len(left), len(right)))
            start = max(0, at - 40)
            return left[start:start + SHOWN], right[start:start + SHOWN]
    return "line ends", "line ends"
