"""Debian's headless Chromium, driven over WebDriver: enough of it to open a page, click, and take pictures."""

import base64
import json
import pathlib
import subprocess
import time
import urllib.request

from clients.blocking import get

DRIVER = "/usr/bin/chromedriver"
STARTS_WITHIN = 20  # seconds
SHOWS_WITHIN = 60  # seconds, until a page has what is waited for


class Browser:
    """One browser with an empty profile in a folder of its own; `more` are other words of its command line."""

    def __init__(self, folder, port, more=()):
        self.folder, self.port, self.more = pathlib.Path(folder), port, more

    def __enter__(self):
        self.folder.mkdir(exist_ok=True)
        with open(self.folder / "driver.log", "ab") as log:
            self.driver = subprocess.Popen([DRIVER, f"--port={self.port}"], stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        try:
            wait(lambda: get(self.port, "/status")[0] == 200, STARTS_WITHIN, "chromedriver")
            options = {"binary": "/usr/bin/chromium", "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                f"--user-data-dir={self.folder / 'profile'}", *self.more]}
            made = self.send("POST", "/session", {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}})
            self.session = f"/session/{made['sessionId']}"
        except BaseException:
            self.driver.kill()
            raise
        return self

    def __exit__(self, *_):
        try:
            self.send("DELETE", self.session)
        finally:
            self.driver.terminate()
            self.driver.wait()

    def send(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=SHOWS_WITHIN) as answer:
            return json.load(answer)["value"]

    def devtools(self, command, **parameters):
        return self.send("POST", f"{self.session}/goog/cdp/execute", {"cmd": command, "params": parameters})

    def open(self, url, width, height, dark=False):
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.send("POST", f"{self.session}/url", {"url": url})

    def run(self, script):
        """What the body of a function returns."""
        return self.send("POST", f"{self.session}/execute/sync", {"script": script, "args": []})

    def wait(self, condition):
        """Waits until an expression is true."""
        wait(lambda: self.run(f"return Boolean({condition})"), SHOWS_WITHIN, condition)

    def picture(self, file, quality=None):
        """Of the window: a PNG, or with a quality (1 to 100) a JPEG."""
        if quality:
            file.write_bytes(base64.b64decode(self.devtools("Page.captureScreenshot", format="jpeg", quality=quality)["data"]))
        else:
            file.write_bytes(base64.b64decode(self.send("GET", f"{self.session}/screenshot")))


def wait(condition, seconds, what):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError(f"waited in vain for {what}")
        time.sleep(0.1)
