"""CPU of PHP per request of real applications, in turns: see src/bench/README.md."""

import argparse
import contextlib
import json
import pathlib
import shutil
import statistics
import sys

from clients.blocking import get
from clients.wrk import wrk
from reports import report
from scenarios import turns
from servers import applications, processes
from servers.options import options, scratch
from servers.peers import Nginx
from servers.relais import Relais

HELLO = "/api/hello?name=Ada"
SWITCH = "/q/relais/generations?wait=30s"
SWITCHED_WITHIN = 40  # seconds


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/phpshare", description=__doc__)
    options(parser)
    parser.set_defaults(children=8, workers=1, connections=4)
    parser.add_argument("--before", type=pathlib.Path, metavar="DIR", help="the target/quarkus-app of another build")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--duration", type=int, default=3, help="seconds of load per server, application and round")
    parser.add_argument("--applications", default=",".join(applications.ALL))
    parser.add_argument("--name", default="phpshare", help="of the table in src/bench/results")
    return parser.parse_args()


class WithApplications:
    """A server whose functions are the bench's and the applications."""

    def prepare(self):
        super().prepare()
        for application in self.args.found:
            (self.functions / application.name).symlink_to(application.folder)
        (self.functions / "functions.yaml").write_text("functions:\n" + "".join(a.yaml() for a in self.args.found)
                                                       if self.args.found else "")


class Gateway(WithApplications, Relais):
    name = "relais"

    def config(self):
        return super().config() | {'relais.workers.php-settings."auto_prepend_file"': self.args.prepended}


class Before(Gateway):
    name = "before"

    @property
    def jar(self):
        return self.args.before / "quarkus-run.jar"


class Preloaded(Gateway):
    """With one application as its only function, whose classes the second generation has preloaded wherever they lie."""

    name = "relais-preload"

    def __init__(self, args, scratch, application):
        super().__init__(args, scratch)
        self.application = application

    def prepare(self):
        shutil.rmtree(self.home, ignore_errors=True)
        self.functions.mkdir(parents=True)
        (self.functions / self.application.name).symlink_to(self.application.folder)
        (self.functions / "functions.yaml").write_text("functions:\n" + self.application.yaml(preload=True))

    def config(self):
        return super().config() | {"relais.functions.reload": "generations"}

    def learn(self):
        """The scripts that a new generation has preloaded of what this one was asked for."""
        status, body = get(self.management, SWITCH, timeout=SWITCHED_WITHIN, method="POST")
        if status != 200:
            sys.exit(f"{self.name}: no new generation, {status} {json.loads(body or b'{}')}")
        return int(self.metric("relais_generation_preloaded"))


class Peer(WithApplications, Nginx):
    """PHP as it comes: opcache looks every two seconds."""

    name = "nginx"
    conf = "nginx/applications.conf"

    @property
    def php_settings(self):
        return super().php_settings | {"auto_prepend_file": str(self.args.prepended), "opcache.revalidate_freq": "2"}


class Fixed(Peer):
    """With an opcache that never looks at the disk."""

    name = "nginx-never"

    @property
    def php_settings(self):
        return super().php_settings | {"opcache.validate_timestamps": "0"}


def measure(server, path, args):
    """ms of CPU of PHP for each request."""
    php = server.php()
    before = processes.cpu(php)
    seen = wrk(server.port, path, args.connections, args.duration)
    if seen["not_ok"] or seen["socket_errors"] or not seen["requests"]:
        sys.exit(f"{server.name} {path}: {seen}")
    return 1e3 * (processes.cpu(php) - before) / seen["requests"]


def warm(server, path, args):
    for _ in range(2):
        wrk(server.port, path, args.connections, 2)


def row(running, path, args):
    """A cell for each server: median, least and greatest ms."""
    seen = {server: [] for server in running}
    for _, server in turns.in_turns(running, args.rounds):
        seen[server].append(measure(server, path, args))
    return [f"{statistics.median(v):.3f} ({min(v):.3f}-{max(v):.3f})" for v in seen.values()]


def main():
    args = arguments()
    directory = scratch()
    tell = report.Report()
    with contextlib.ExitStack() as stack:
        args.found, args.prepended = applications.prepare(directory, args.applications.split(","), stack)
        missing = set(args.applications.split(",")) - {a.name for a in args.found}
        kinds = [Peer, Fixed] + ([Before] if args.before else []) + [Gateway]
        running = [stack.enter_context(kind(args, directory)) for kind in kinds]
        tell("# CPU of PHP per request\n")
        tell(f"- {report.machine(args, ('wrk', '-v'))}")
        tell(f"- {report.command()}")
        tell("- ms of CPU of the PHP-FPM master and its children per request; medians of the rounds, and in brackets the least and the greatest")
        tell("- nginx: opcache looks at the disk every two seconds; nginx-never: it never does (`opcache.validate_timestamps=0`)")
        tell("- relais-preload: `preload: true`, after one switch of generations; in brackets the scripts that it has preloaded")
        tell("".join(f"- {name} is not installed and left out\n" for name in sorted(missing)))
        tell("| application | " + " | ".join(s.name for s in running) + " | relais-preload |\n| --- |" + " ---: |" * (len(running) + 1))
        for name, application in {"hello": None, **{a.name: a for a in args.found}}.items():
            path = application.path if application else HELLO
            for server in running:
                warm(server, path, args)
            if not application:
                tell(f"| {name} | " + " | ".join(row(running, path, args)) + " | |")
                continue
            with Preloaded(args, directory, application) as preloaded:
                warm(preloaded, path, args)
                scripts = preloaded.learn()
                warm(preloaded, path, args)
                tell(f"| {name} | " + " | ".join(row(running + [preloaded], path, args)) + f" [{scripts}] |")
    tell.write(args.name)


if __name__ == "__main__":
    main()
