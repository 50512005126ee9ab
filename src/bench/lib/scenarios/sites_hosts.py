"""What many hosts cost: gateways with ten sites and with thousands, and as many files in all, in turns; and nginx with as many servers."""

import contextlib
import statistics
import time

from clients.http1 import head
from clients.blocking import Client
from clients.wrk import BURST, per_second, wrk
from reports import report
from scenarios import turns
from servers import memory, peers, processes
from servers.jdk import jcmd
from servers.relais import Relais

FEW = 10
WARM = 21  # seconds of load on each server and path before, in bursts
RELOADS = 5
RELOADED_WITHIN = 30  # seconds
PATHS = {"file": "/$.html", "script": "/$.php"}
FEW_CLIENTS = 4  # in every other burst
RELOADED = 6  # seconds, the median for the many: to compare each site with all others took twice as long
MOST_SLOWER = 1.05  # CPU of the gateway per request, of many hosts against few
PAGE = "<!doctype html><title>A site</title>\n" + "A page of five kilobytes. " * 190 + "\n"


class ManyHosts:
    """A server with `count` hosts, each with a folder of its own, and in these as many files and scripts as `args.hosts` says."""

    def __init__(self, args, scratch, count):
        self.count, self.name = count, f"{type(self).kind}-{count}"
        self.asked_for = (count, args.hosts)
        super().__init__(args, scratch)

    def prepare(self):
        super().prepare()
        for number in range(self.count):
            self.make(number)
        self.settings()

    def make(self, number):
        root = self.home / "roots" / f"h{number}"
        root.mkdir(parents=True)
        for file in range(-(-self.args.hosts // self.count)):
            (root / f"{file}.html").write_text(PAGE)
            (root / f"{file}.php").write_text("<?php echo 'Hello';")

    def settings(self):
        """Writes the settings for all hosts that there are."""

    def asked(self, number, path="/0.html"):
        """The status that a host's page has; 0 for no answer."""
        try:
            with Client(self.port, timeout=5, address=self.address) as client:
                return client.ask(head(path, host=f"Host: h{number}.test")).status
        except OSError:
            return 0


class RelaisWithHosts(ManyHosts, Relais):
    kind = "relais"

    def settings(self):
        new = self.functions / "functions.yaml.new"
        new.write_text("sites:\n" + "".join(f"  h{number}:\n    hosts: [h{number}.test]\n    root: {self.home}/roots/h{number}\n" for number in range(self.count)))
        new.rename(self.functions / "functions.yaml")

    def config(self):
        return super().config() | {"relais.sites.state-directory": self.home / "state"}

    def reload(self):
        """Seconds from the moment that another host stands in functions.yaml until it answers, and how much CPU the gateway used meanwhile."""
        self.make(self.count)
        self.count += 1
        before, begin = processes.cpu(self.front()), time.monotonic()
        self.settings()
        while self.asked(self.count - 1) != 200:
            if time.monotonic() - begin > RELOADED_WITHIN:
                return None
            time.sleep(0.01)
        return time.monotonic() - begin, processes.cpu(self.front()) - before


class NginxWithHosts(ManyHosts, peers.Nginx):
    kind = "nginx"

    def serving(self):
        return self.asked(0) == 200

    def changes(self):
        servers = "".join(f"\n    server {{ listen {self.address}:{self.port}; server_name h{number}.test; root roots/h{number};"
                          " location ~ \\.php$ { try_files $uri =404; include /etc/nginx/fastcgi.conf; fastcgi_pass unix:php.sock; } }" for number in range(self.count))
        return super().changes() | {r"(?m)^http \{": "http {\n    server_names_hash_max_size 65536;\n    server_names_hash_bucket_size 128;",
                                    r"}\n*\Z": servers.replace("\\", r"\\") + "\n}\n"}


def used(server):
    """Bytes of the heap after a collection, and resident."""
    memory.collect(server)
    time.sleep(1)
    memory.collect(server)
    said = jcmd(server, "GC.heap_info")
    heap = memory.held(server).get("heap", 0)
    return heap, memory.resident(server.gateway.pid), said


def hosts(args, directory, tell):
    """Whether many hosts cost no more than few."""
    with contextlib.ExitStack() as stack:
        servers, started = [], {}
        for kind, count in ((RelaisWithHosts, FEW), (RelaisWithHosts, args.hosts), (NginxWithHosts, FEW), (NginxWithHosts, args.hosts)):
            server = kind(args, directory, count)
            server.prepare()
            server.prepare = lambda: None
            begin = time.monotonic()
            servers.append(stack.enter_context(server))
            started[server] = time.monotonic() - begin
        seen = {(server, name): [] for server in servers for name in PATHS}
        for server in servers:
            for path in PATHS.values():
                for burst in range(WARM // BURST):
                    wrk(server.port, path, args.connections if burst % 2 == 0 else FEW_CLIENTS, BURST, hosts=server.asked_for)
        for _, server in turns.in_turns(servers, max(3, args.rounds)):
            for name, path in PATHS.items():
                seen[server, name].append(measured(server, path, args))
        held = {server: used(server) for server in servers if isinstance(server, RelaisWithHosts)}
        reloads = {server: [server.reload() for _ in range(RELOADS)] for server in held}
    return told(args, tell, servers, started, seen, held, reloads)


def measured(server, path, args):
    """(requests/s, us of CPU of the front per request, errors)"""
    front = server.front()
    before = processes.cpu(front)
    run = wrk(server.port, path, args.connections, args.seconds or 3, hosts=server.asked_for)
    return per_second(run), 1e6 * (processes.cpu(front) - before) / max(1, run["requests"]), run["not_ok"] + run["socket_errors"]


def told(args, tell, servers, started, seen, held, reloads):
    tell(f"\n## {args.hosts:,} hosts{report.today()}\n")
    tell(f"Each host is a site, or a server of nginx, with a folder of its own. All servers have {args.hosts:,} files and as many scripts, spread over their hosts;"
         f" each request is for another one. {args.connections} connections, rounds in turns.\n")
    tell("| server | start s | 5 KB file: requests/s | front us/request | PHP: requests/s | front us/request | errors |\n| --- |" + " ---: |" * 6)
    cost = {}
    for server in servers:
        columns = {name: [statistics.median(column) for column in zip(*seen[server, name])] for name in PATHS}
        cost[server] = columns
        errors = sum(run[2] for name in PATHS for run in seen[server, name])
        tell(f"| {server.name} | {started[server]:.2f} | {columns['file'][0]:,.0f} | {columns['file'][1]:.1f} | {columns['script'][0]:,.0f} |"
             f" {columns['script'][1]:.1f} | {errors} |")
    few, many = list(held)
    tell("\n| | heap after a collection | resident | reload: seconds until a new host answers (CPU s) |\n| --- | ---: | ---: | --- |")
    for server, (heap, resident, _) in held.items():
        times = ", ".join("not in time" if r is None else f"{r[0]:.2f} ({r[1]:.2f})" for r in reloads[server])
        tell(f"| {server.name} | {heap / memory.MIB:.1f} MiB | {resident / memory.MIB:.0f} MiB | {times} |")
    tell(f"\nA site takes {(held[many][0] - held[few][0]) / (args.hosts - FEW):,.0f} bytes of the heap. Of the look-up alone:"
         " `SiteLookup` in [jmh.md](jmh.md).")
    slower = {name: cost[many][name][1] / cost[few][name][1] for name in PATHS}
    reloaded = all(r is not None for rs in reloads.values() for r in rs)
    took = statistics.median([r[0] for r in reloads[many] if r] or [RELOADED_WITHIN])
    tell(f"\nA reload of {args.hosts:,} hosts takes {took:.2f} s, wanted at most {RELOADED}: {'PASS' if took <= RELOADED else 'FAIL'}.")
    for name, times in slower.items():
        tell(f"\nCPU of the gateway for a {name}, {args.hosts:,} hosts against {FEW}: {times:.3f} times, wanted at most {MOST_SLOWER}:"
             f" {'PASS' if times <= MOST_SLOWER else 'FAIL'}.")
    return max(slower.values()) <= MOST_SLOWER and reloaded and took <= RELOADED
