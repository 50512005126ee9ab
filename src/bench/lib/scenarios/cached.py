"""Answers from the result cache beside a constant answer and beside nginx' fastcgi_cache, in turns: see src/bench/README.md."""

import argparse
import contextlib
import os

from clients.wrk import warm
from reports import report
from scenarios import path_turns
from scenarios.path_turns import COLUMNS
from servers import autogroup, processes
from servers.options import options, scratch
from servers.paths import BENCH
from servers.peers import Nginx
from servers.relais import Relais
from servers.server import Server, free_ports

SOURCE = BENCH / "java/dev/relais/constant/Constant.java"
GZIP = {"Accept-Encoding": "gzip"}
LOOPS = 1  # event loops of Relais and of the constant answer, where they are not wide
CORES = os.cpu_count()  # as many for those that are called wide; nginx has as many processes


class Constant(Server):
    """The server under Relais, which answers with constant bytes."""

    name = "constant"
    loops = LOOPS

    def start(self):
        (self.port,) = free_ports(1)
        libraries = self.args.jar.resolve().parent / "lib"
        self.gateway = self.spawn(self.args.java, *self.args.jvm, "-cp", f"{libraries}/main/*:{libraries}/boot/*", SOURCE, self.port, self.loops)

    def serving(self):
        return self.get("/api/kept")[0] == 200

    def front(self):
        return [processes.read(self.gateway.pid)]


class WideConstant(Constant):
    name = "constant-wide"
    loops = CORES


class Keeping(Relais):
    name = "relais"
    loops = LOOPS

    def config(self):
        return super().config() | {"quarkus.vertx.event-loops-pool-size": self.loops, "relais.cache.status": "false", "relais.http.compression": "gzip"}


class WideKeeping(Keeping):
    name = "relais-wide"
    loops = CORES


class Without(Keeping):
    """No answer is kept."""

    name = "relais-off"

    def config(self):
        return super().config() | {"relais.cache.enabled": "false"}


class Peer(Nginx):
    """As its documentation advises for files; but an answer of several segments then waits 40 ms for the client's acknowledgement on loopback."""

    name = "nginx"
    conf = "nginx/cached.conf"

    def prepare(self):
        super().prepare()
        script = self.functions / "kept.php"
        script.write_text(script.read_text().replace("isset($_GET['packed'])", "isset($_GET['packed']) || isset($_GET['type'])"))


class AtOnce(Peer):
    """Good for large answers: a small one takes two segments and twice the CPU."""

    name = "nginx-nopush-off"

    def changes(self):
        return super().changes() | {"tcp_nopush on;": "tcp_nopush off;"}


def table(tell, title, running, path, headers, args):
    """One object: the medians of the rounds, and each server's requests/s as a part of the first one's."""
    medians = path_turns.medians(running, path, headers, args, 3)
    tell(f"\n## {title}\n\n| server | " + " | ".join(COLUMNS) + " | of the first |\n| --- |" + " ---: |" * (len(COLUMNS) + 1))
    first = medians[running[0].name]["requests/s"]
    for name, values in medians.items():
        cells = path_turns.cells(values)
        tell("| " + " | ".join([name, *cells, f"{values['requests/s'] / first:.2f}"]) + " |")


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/cached", description=__doc__)
    options(parser)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4, help="of load for each server, object and round")
    parser.add_argument("--warmup", type=int, default=20, help="seconds of load on each server before the rounds, in bursts")
    parser.add_argument("--bytes", default="1024,65536", help="sizes of the objects")
    parser.add_argument("--parts", default="plain,gzip,miss")
    parser.add_argument("--name", default="cached", help="of the table in src/bench/results")
    return parser.parse_args()


def main():
    args = arguments()
    directory = scratch()
    tell = report.Report()
    with contextlib.ExitStack() as stack:
        grouped = stack.enter_context(autogroup.off(directory))
        kinds = Constant, WideConstant, Keeping, WideKeeping, Without, Peer, AtOnce
        constant, wide_constant, relais, wide, off, *nginx = [stack.enter_context(kind(args, directory)) for kind in kinds]
        for server in (constant, wide_constant, relais, wide, *nginx):
            warm(server.port, "/api/kept?bytes=1024", args.connections, args.warmup)
        warm(off.port, "/api/kept?bytes=1024", args.connections, args.warmup // 2)
        tell("# Kept answers\n")
        for line in [report.machine(args, ("wrk", "-v")), report.command(), f"the kernel's autogroup: {grouped}",
                     f"{args.connections} connections; {args.rounds} rounds of {args.seconds} s in turns; medians; {LOOPS} event loop, {CORES} where it says wide"]:
            tell(f"- {line}")
        for size in args.bytes.split(","):
            if "plain" in args.parts:
                table(tell, f"A hit, {size} bytes", [constant, wide_constant, relais, wide, *nginx], f"/api/kept?bytes={size}", {}, args)
            if "gzip" in args.parts:
                table(tell, f"A hit, {size} bytes of text, compressed: by Relais once for all, by PHP for nginx", [relais, wide, *nginx],
                      f"/api/kept?bytes={size}&type=text/plain", GZIP, args)
        if "miss" in args.parts:
            table(tell, "What may not be kept, 1,024 bytes: without the cache and with it", [off, relais], "/api/kept?bytes=1024&never", {}, args)
    tell.write(args.name)


if __name__ == "__main__":
    main()
