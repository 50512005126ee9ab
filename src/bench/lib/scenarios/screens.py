"""Pictures of the console for the documentation: see src/bench/README.md."""

import argparse
import contextlib
import pathlib
import sys
import threading
import time

from clients.blocking import get
from clients.browser import Browser
from clients.steady import Steady
from servers import relais
from servers.options import options, scratch
from servers.paths import ROOT
from servers.server import free_ports

DOCS = ROOT / "src/docs"
HISTORY = 120  # seconds of load before the picture of it, so that the charts have something to show
STUCK = "document.querySelector('.cell[data-state=stuck]')"

FUNCTIONS = {
    "catalogue.php": "<?php usleep(random_int(2000, 9000)); echo json_encode(range(1, 40));",
    "checkout.php": "<?php $e = microtime(true) + random_int(4, 12) / 1000; while (microtime(true) < $e) { hash('sha256', 'x'); }"
                    " if (random_int(1, 60) == 1) { http_response_code(500); } echo 'ok';",
    "report.php": "<?php usleep(random_int(150000, 600000)); echo 'a report';",
    "search.php": "<?php usleep(random_int(8000, 40000)); echo 'found';",
    "hook.php": "<?php if (isset($_GET['hang'])) { sleep(600); } if (isset($_GET['nap'])) { sleep(12); } usleep(3000); echo 'ok';",
}
SETTINGS = "functions:\n  report:\n    concurrency: 3\n    timeout: 20s\n  hook:\n    timeout: 10m\n"
LOAD = (("/api/catalogue", 40), ("/api/checkout", 25), ("/api/search", 30), ("/api/report", 5), ("/api/hook", 10))


class Relais(relais.Relais):
    def prepare(self):
        super().prepare()
        for old in self.functions.iterdir():
            if old.is_file():
                old.unlink()
        for name, text in FUNCTIONS.items():
            (self.functions / name).write_text(text)
        (self.functions / "functions.yaml").write_text(SETTINGS)

    def config(self):
        return {"relais.functions.reload": "generations", "relais.http.max-connections": 4096}

    @property
    def console(self):
        return f"http://localhost:{self.management}/q/relais/console"


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/screens", description=__doc__)
    options(parser)
    parser.set_defaults(children=16)
    parser.add_argument("--only", default="", metavar="TEXT", help="pictures whose names hold it")
    parser.add_argument("--seconds", type=int, default=HISTORY, help=f"of load before the picture of it (default {HISTORY})")
    parser.add_argument("--to", type=pathlib.Path, default=DOCS, metavar="DIR", help="where the pictures go (default src/docs)")
    return parser.parse_args()


@contextlib.contextmanager
def load(server):
    with contextlib.ExitStack() as stack:
        for path, rate in LOAD:
            stack.enter_context(Steady(server.address, server.port, path, clients=4, per_second=rate, right=lambda answer: True))
        yield


def open_page(browser, server, width=1280, height=1400, dark=False):
    browser.open(server.console, width, height, dark)
    browser.wait("document.getElementById('connection').textContent === 'live' && document.querySelector('.cell')")


def idle(server, browser, save):
    open_page(browser, server, height=900)
    save()


def under_load(server, browser, save):
    with load(server):
        time.sleep(save.args.seconds)
        open_page(browser, server)
        time.sleep(3)
        save()


def dark(server, browser, save):
    with load(server):
        time.sleep(10)
        open_page(browser, server, dark=True)
        time.sleep(3)
        save()


def stuck(server, browser, save):
    get(server.port, "/api/hook")
    asking = threading.Thread(target=get, args=(server.port, "/api/hook?hang"), kwargs={"timeout": 60}, daemon=True)
    asking.start()
    with load(server):
        open_page(browser, server)
        browser.wait(STUCK)
        browser.run(f"{STUCK}.click()")
        save()
        browser.run("document.getElementById('child-end').click(); document.getElementById('child-confirm').click()")
        browser.wait(f"!{STUCK}")


def switch(server, browser, save):
    with load(server):
        open_page(browser, server)
        browser.run("document.getElementById('generation-head').scrollIntoView()")
        napping = threading.Thread(target=get, args=(server.port, "/api/hook?nap"), kwargs={"timeout": 60}, daemon=True)
        napping.start()  # so that the generation before has something to end
        browser.run("document.getElementById('reload').click()")
        browser.wait("/the one before ends/.test(document.getElementById('generation-state').textContent)")
        save()


def phone(server, browser, save):
    with load(server):
        time.sleep(10)
        open_page(browser, server, width=360, height=740)
        time.sleep(2)
        save()


PICTURES = {"idle": idle, "load": under_load, "dark": dark, "stuck": stuck, "switch": switch, "phone": phone}


class Save:
    """Writes the picture of one name."""

    def __init__(self, args, browser):
        self.args, self.browser, self.name = args, browser, ""

    def __call__(self):
        file = self.args.to / f"console-{self.name}.png"
        self.browser.picture(file)
        print(f"{file}: {file.stat().st_size / 1024:.0f} KiB")


def main():
    args = arguments()
    directory = scratch()
    with Relais(args, directory) as server, Browser(directory / "browser", free_ports(1)[0]) as browser:
        save = Save(args, browser)
        for name, make in PICTURES.items():
            if args.only in name:
                save.name = name
                make(server, browser, save)
    sys.exit(0)


if __name__ == "__main__":
    main()
