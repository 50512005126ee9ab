"""Somebody who uses a web application: a client with cookies that follows redirects, fills in forms, and keeps everything it got."""

import html.parser
import http.client
import re
import uuid
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

REDIRECTS = 6  # that are followed, one after the other
ANSWERS_WITHIN = 60  # seconds
AGENT = "Mozilla/5.0 (X11; Linux x86_64) Visitor/1.0"


class Forms(html.parser.HTMLParser):
    """The forms of a page, with their fields as they stand, and the addresses of what a browser would load for the page."""

    def __init__(self, text):
        super().__init__()
        self.forms, self.assets, self.form, self.select, self.area = [], [], None, None, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        has = dict(attributes)
        if tag == "form":
            self.form = {"action": has.get("action") or "", "method": (has.get("method") or "get").lower(), "type": has.get("enctype") or "", "fields": [],
                         "id": has.get("id") or ""}
            self.forms.append(self.form)
        elif tag == "link" and {"stylesheet", "icon", "manifest"} & set((has.get("rel") or "").split()):
            self.assets.append(has.get("href"))
        elif tag in ("script", "img"):
            self.assets.append(has.get("src"))
        if not self.form:
            return
        name = has.get("name")
        if tag == "input" and name:
            kind = (has.get("type") or "text").lower()
            if kind not in ("submit", "button", "image", "file", "reset") and (kind not in ("checkbox", "radio") or "checked" in has):
                self.form["fields"].append((name, has.get("value") or ("on" if kind == "checkbox" else "")))
            else:
                self.form.setdefault("others", []).append(name)
        elif tag == "select":
            self.select = [name, None]
        elif tag == "option" and self.select:
            if self.select[1] is None or "selected" in has:
                self.select[1] = has.get("value") or ""
        elif tag == "textarea" and name:
            self.area = [name, ""]

    def handle_data(self, data):
        if self.area:
            self.area[1] += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.area and self.form:
            self.form["fields"].append((self.area[0], self.area[1].removeprefix("\n")))
            self.area = None
        elif tag == "select" and self.select:
            if self.form and self.select[0]:
                self.form["fields"].append((self.select[0], self.select[1] or ""))
            self.select = None
        elif tag == "form":
            self.form = None


@dataclass
class Step:
    """One request and its answer. `name` is the same on each server; `headers` are (name in lower case, value), in their order."""

    name: str
    method: str
    path: str
    status: int
    headers: list
    body: bytes

    def header(self, name):
        return next((value for key, value in self.headers if key == name), None)

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    @property
    def is_page(self):
        return (self.header("content-type") or "").startswith(("text/html", "application/xhtml"))


class Visitor:
    """Asks the server at `address`, port 80, for the pages of `host`."""

    def __init__(self, address, host, port=80):
        self.address, self.host, self.port = address, host, port
        self.cookies, self.steps = {}, []

    def send(self, name, method, path, body=b"", headers=()):
        """One request, whose answer becomes a step."""
        fields = {"Host": self.host, "User-Agent": AGENT, "Accept": "text/html,*/*;q=0.8", "Accept-Language": "en", "Connection": "close"}
        fields |= dict(line.split(": ", 1) for line in headers)
        if self.cookies:
            fields["Cookie"] = "; ".join(f"{key}={value}" for key, value in self.cookies.items())
        connection = http.client.HTTPConnection(self.address, self.port, timeout=ANSWERS_WITHIN)
        try:
            connection.request(method, path, body or None, fields)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        step = Step(name, method, path, answer.status, [(key.lower(), value) for key, value in answer.getheaders()], content)
        for key, value in step.headers:
            if key == "set-cookie":
                self.keep(value)
        self.steps.append(step)
        return step

    def keep(self, cookie):
        pair, _, attributes = cookie.partition(";")
        name, _, value = pair.strip().partition("=")
        if value in ("", "deleted") or re.search(r"max-age=0\b|expires=[^;]*19[67]0", attributes, re.I):
            self.cookies.pop(name, None)
        else:
            self.cookies[name] = value

    def get(self, path, name=None, headers=(), follow=True):
        return self.followed(self.send(name or path, "GET", path, headers=headers), follow)

    def post(self, path, fields, name=None, headers=(), follow=True):
        body = urlencode(fields).encode() if not isinstance(fields, (bytes, str)) else fields if isinstance(fields, bytes) else fields.encode()
        kind = [] if any(h.lower().startswith("content-type:") for h in headers) else ["Content-Type: application/x-www-form-urlencoded"]
        return self.followed(self.send(name or path, "POST", path, body, [*kind, *headers]), follow)

    def followed(self, step, follow=True):
        """The page behind the redirects. Those to other hosts are not followed."""
        for _ in range(REDIRECTS if follow else 0):
            to = step.header("location")
            if step.status not in (301, 302, 303, 307, 308) or not to:
                break
            target = urlsplit(urljoin(f"http://{self.host}{step.path}", to))
            if target.hostname != self.host:
                break
            method = step.method if step.status in (307, 308) else "GET"
            step = self.send(f"{step.name} >", method, target.path + (f"?{target.query}" if target.query else ""))
        return step

    def form(self, page, having):
        """The first form of a page that has this field, or this id."""
        for form in Forms(page.text).forms:
            if form["id"] == having or having in [name for name, _ in form["fields"]] + form.get("others", []):
                return form
        raise LookupError(f"{page.name} ({page.path}, {page.status}) has no form with {having}: {page.text[:600]}")

    def submit(self, page, having, name=None, /, files=None, **changes):
        """Sends the form with these fields in the place of its own; `files` are {field: (file name, bytes, media type)}."""
        form = self.form(page, having)
        changes = {key.replace("__", "-"): value for key, value in changes.items()}
        fields = [(key, value) for key, value in form["fields"] if key not in changes] + [(k, v) for k, v in changes.items() if v is not None]
        target = urlsplit(urljoin(f"http://{self.host}{page.path}", form["action"]))
        path = target.path + (f"?{target.query}" if target.query else "")
        name = name or f"{page.name}: form"
        if form["method"] == "get":
            query = urlencode(parse_qsl(target.query) + fields)
            return self.get(f"{target.path}?{query}", name)
        if files:
            return self.upload(path, fields, files, name)
        return self.post(path, fields, name)

    def upload(self, path, fields, files, name, headers=()):
        boundary = uuid.uuid4().hex
        parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode() for key, value in fields]
        for key, (file, content, kind) in files.items():
            parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"; filename="{file}"\r\nContent-Type: {kind}\r\n\r\n'.encode()
                         + content + b"\r\n")
        body = b"".join(parts) + f"--{boundary}--\r\n".encode()
        return self.post(path, body, name, [f"Content-Type: multipart/form-data; boundary={boundary}", *headers])

    def assets(self, page, most=60):
        """Loads what a browser would load for the page from the same host."""
        seen = []
        for address in Forms(page.text).assets:
            target = urlsplit(urljoin(f"http://{self.host}{page.path}", address or ""))
            path = target.path + (f"?{target.query}" if target.query else "")
            if address and target.hostname == self.host and target.scheme == "http" and path not in seen and path != page.path:
                seen.append(path)
        for path in seen[:most]:
            self.send("asset " + re.sub(r"\d{9,}|[0-9a-f]{16,}", "*", path), "GET", path)

