"""The servers under test, started on free ports of 127.0.0.1 and stopped by PID."""

import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

import procs

BENCH = pathlib.Path(__file__).resolve().parent.parent
ROOT = BENCH.parent.parent

# What Relais gives its masters, too. compare shows every setting in which the two differ in the end.
PHP_SETTINGS = {
    "max_execution_time": "0",
    "max_input_time": "-1",
    "opcache.validate_timestamps": "1",
    "opcache.revalidate_freq": "0",
    "opcache.file_update_protection": "2",
    "cgi.fix_pathinfo": "1",
}


def options(parser):
    """The command line options that every script has."""
    parser.add_argument("--children", type=int, default=16, help="PHP children in all (default 16)")
    parser.add_argument("--workers", type=int, default=2, help="Relais workers that share the children (default 2)")
    parser.add_argument("--connections", type=int, default=64, help="clients (default 64)")
    parser.add_argument("--java", default="java", metavar="PATH", help="the java program")
    parser.add_argument("--jvm", action="append", default=[], metavar="OPTION", help="a JVM option; may be repeated")
    parser.add_argument("--config", action="append", default=[], metavar="KEY=VALUE", help="a config key of Relais")
    parser.add_argument("--jar", type=pathlib.Path, default=ROOT / "target/quarkus-app/quarkus-run.jar")


def scratch():
    """The run's directory, made and removed by run.sh. SIGTERM becomes an exit that runs every `finally`."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    return pathlib.Path(os.environ["RELAIS_BENCH_SCRATCH"])


def free_ports(count):
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for s in sockets:
            s.bind(("127.0.0.1", 0))
        return [s.getsockname()[1] for s in sockets]


def php_fpm():
    """The newest php-fpm on PATH, as Relais looks for it."""
    found = {}
    for directory in os.get_exec_path() + ["/usr/sbin"]:
        for path in sorted(pathlib.Path(directory).glob("php-fpm*")):
            if match := re.fullmatch(r"php-fpm(\d*)\.?(\d*)", path.name):
                found.setdefault(tuple(int(n or 0) for n in match.groups()), str(path))
    return found[max(found)] if found else sys.exit("no php-fpm on PATH: apt-get install php-fpm")


def get(port, path, timeout=5, method="GET"):
    """(status, body); (0, b"") when nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


class Server:
    """Common to all. `port` serves the functions of `functions`, a private copy that a run may change."""

    management = None

    def __init__(self, args, scratch):
        self.args, self.scratch = args, scratch
        self.home = scratch / self.name
        self.functions = self.home / "functions"
        self.processes = []

    def __enter__(self):
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir()
        shutil.copytree(BENCH / "functions", self.functions)
        try:
            self.start()
            self.wait_until_serving()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def spawn(self, *command):
        with open(self.home / f"{pathlib.Path(command[0]).name}.log", "ab") as log:
            process = subprocess.Popen(list(map(str, command)), cwd=self.home, stdin=subprocess.DEVNULL,
                                       stdout=log, stderr=log, start_new_session=True)
        procs.remember(self.scratch, procs.read(process.pid))
        self.processes.append(process)
        return process

    def wait_until_serving(self, seconds=60):
        deadline = time.monotonic() + seconds
        while not self.serving():
            if time.monotonic() > deadline or any(p.poll() is not None for p in self.processes):
                logs = "".join(log.read_text(errors="replace")[-4000:] for log in self.home.glob("*.log"))
                sys.exit(f"{self.name} does not serve\n{logs}")
            time.sleep(0.02)

    def stop(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        self.processes.clear()

    def masters(self):
        return procs.masters(self.home)

    def php(self):
        """Masters and children."""
        masters = self.masters()
        return masters + [c for m in masters for c in procs.descendants(m.pid)]

    def children(self, master):
        return [c for c in procs.descendants(master.pid) if c.running and c.name.startswith("php-fpm")]

    def settings(self):
        return json.loads(get(self.port, "/api/settings")[1])


class Peer(Server):
    """Somebody else's front before one PHP-FPM master. `conf` and `fpm` are files below src/bench."""

    fpm = "nginx/php-fpm.conf"

    @property
    def share(self):
        """The children of one master."""
        return self.args.children

    def start(self):
        (self.port,) = free_ports(1)
        self.start_php(self.home)
        self.gateway = self.spawn(*self.command(self.configure(self.conf, self.changes())))

    def start_php(self, directory):
        settings = [word for item in PHP_SETTINGS.items() for word in ("-d", "=".join(item))]
        fpm = self.configure(self.fpm, self.fpm_changes(), directory)
        self.spawn(php_fpm(), "-F", "-O", "-p", directory, "-y", fpm, *settings)

    def changes(self):
        """What this run's copy of `conf` has in the place of these patterns."""
        return {r"127\.0\.0\.1:8181": f"127.0.0.1:{self.port}"}

    def fpm_changes(self):
        return {r"pm\.max_children = \d+": f"pm.max_children = {self.share}"}

    def configure(self, path, changes, directory=None):
        text = (BENCH / path).read_text()
        for pattern, replacement in changes.items():
            text, count = re.subn(pattern, replacement, text)
            assert count == 1, f"{pattern} once in {path}"
        copy = (directory or self.home) / pathlib.Path(path).name
        copy.write_text(text)
        return copy

    def serving(self):
        return get(self.port, "/api/hello")[0] == 200

    def front(self):
        return [procs.read(self.gateway.pid)] + procs.descendants(self.gateway.pid)


class Nginx(Peer):
    name = "nginx"
    conf = "nginx/nginx.conf"

    def command(self, conf):
        (self.home / "tmp").mkdir()
        return "nginx", "-p", self.home, "-c", conf, "-g", "daemon off;"


class HaProxy(Peer):
    name = "haproxy"

    def changes(self):
        return super().changes() | {r"docroot /functions": f"docroot {self.functions}"}  # has to be absolute

    def command(self, conf):
        return "haproxy", "-db", "-f", conf


class Relais(Server):
    name = "relais"

    @property
    def share(self):
        return self.args.children // self.args.workers

    def start(self):
        if not self.args.jar.exists():
            sys.exit(f"{self.args.jar} is missing: ./mvnw -ntp package -DskipTests")
        self.port, self.management = free_ports(2)
        self.run_directory = self.home / "run"
        self.run_directory.mkdir()
        config = {
            "quarkus.http.host": "127.0.0.1",
            "quarkus.http.port": self.port,
            "quarkus.management.host": "127.0.0.1",
            "quarkus.management.port": self.management,
            "relais.functions.directory": self.functions,
            "relais.workers.run-directory": self.run_directory,
            "relais.workers.count": self.args.workers,
            "relais.workers.children": self.share,
            **dict(pair.split("=", 1) for pair in self.args.config),
        }
        self.gateway = self.spawn(self.args.java, *self.args.jvm, *(f"-D{k}={v}" for k, v in config.items()),
                                  "-jar", self.args.jar.resolve())

    def serving(self):
        return get(self.management, "/q/health/ready")[0] == 200

    def front(self):
        return [procs.read(self.gateway.pid)]

    def status(self):
        return json.loads(get(self.management, "/q/relais")[1] or b"{}")

    def metric(self, name):
        """The sum of all meters of that name."""
        text = get(self.management, "/q/metrics")[1].decode()
        values = re.findall(rf"^{name}(?:\{{[^}}]*\}})? (\S+)", text, re.M)
        if not values:
            raise LookupError(f"no meter {name}")
        return sum(map(float, values))
