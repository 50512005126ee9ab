"""Static files of a site beside nginx with the same tree, in turns: see src/bench/README.md."""

import argparse
import contextlib
import os
import sys

from reports import report
from scenarios import path_turns
from scenarios.path_turns import COLUMNS
from servers import autogroup
from servers.options import options, scratch
from servers.peers import Nginx
from servers.relais import Relais

GZIP = {"Accept-Encoding": "gzip"}
RATE, CPU = {5120: 1.1, 1048576: 1.0}, {5120: 1.3}  # times nginx': at least and at the most


def tree(home, sizes):
    """The site: binary files of these sizes, and one of text that compresses well."""
    site = home / "site"
    site.mkdir()
    for size in sizes:
        (site / f"{size}.png").write_bytes(os.urandom(size))
    (site / "text.js").write_text("".join(f"var name{number} = {number * number};\n" for number in range(2000)))
    return site


class Site(Relais):
    """As it is configured by itself."""

    def prepare(self):
        super().prepare()
        site = tree(self.home, self.args.sizes)
        (self.functions / "functions.yaml").write_text(f"sites:\n  files:\n    root: {site}\n    functions: true\n")

    def config(self):
        return super().config() | {"relais.sites.state-directory": self.home / "state"}


class Wide(Site):
    """With as many event loops as nginx has processes."""

    name = "relais-wide"

    def config(self):
        return super().config() | {"quarkus.vertx.event-loops-pool-size": os.cpu_count()}


class Unkept(Site):
    """Nothing of files is kept."""

    name = "relais-unkept"

    def config(self):
        return super().config() | {"relais.http.file-memory": 0}


class Peer(Nginx):
    conf = "nginx/files.conf"

    def prepare(self):
        super().prepare()
        tree(self.home, self.args.sizes)


class OpenFiles(Peer):
    """With a cache of open files as old as Relais' may be."""

    name = "nginx-open-files"

    def changes(self):
        return super().changes() | {"sendfile on;": "sendfile on;\n    open_file_cache max=1000 inactive=20s;\n    open_file_cache_valid 1s;"}


class Coding(Peer):
    """Compresses each answer."""

    name = "nginx-gzip"

    def changes(self):
        return super().changes() | {"sendfile on;": "sendfile on;\n    gzip on;\n    gzip_types application/javascript;"}


def table(tell, title, running, path, headers, args):
    """One file: the medians of the rounds, and each server's as a part of nginx'."""
    medians = path_turns.medians(running, path, headers, args, args.warmup)
    base = next(values for name, values in medians.items() if name.startswith("nginx"))
    tell(f"\n## {title}\n\n| server | " + " | ".join(COLUMNS) + " | requests/s to nginx' | CPU to nginx' |\n| --- |" + " ---: |" * (len(COLUMNS) + 2))
    for name, values in medians.items():
        cells = path_turns.cells(values)
        rate, cpu = (values[c] / base[c] for c in ("requests/s", "front us/request"))
        tell("| " + " | ".join([name, *cells, f"{rate:.2f}", f"{cpu:.2f}"]) + " |")
    return medians


def missed(medians, size):
    """What is not as wanted of the file of this size, in words."""
    base, faults = medians["nginx"], []
    ours = {c: medians["relais"][c] / base[c] for c in ("requests/s", "front us/request")}
    if ours["requests/s"] < RATE.get(size, 0):
        faults.append(f"{size} bytes: {ours['requests/s']:.2f} times nginx' requests/s, {RATE[size]} wanted")
    if ours["front us/request"] > CPU.get(size, float("inf")):
        faults.append(f"{size} bytes: {ours['front us/request']:.2f} times nginx' CPU, {CPU[size]} at the most wanted")
    errors = sum(values["errors"] for values in medians.values())
    return faults + ([f"{size} bytes: {errors} errors"] if errors else [])


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/files", description=__doc__)
    options(parser)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=4, help="of load for each server, file and round")
    parser.add_argument("--warmup", type=int, default=21, help="seconds of load on each server and file before, in bursts")
    parser.add_argument("--sizes", type=lambda text: [int(size) for size in text.split(",")], default=[5120, 1048576])
    parser.add_argument("--only", default="", metavar="NAMES", help="servers, by their names in the tables; writes no result")
    parser.add_argument("--no-text", action="store_true", help="leave the compressed file out")
    return parser.parse_args()


def main():
    args = arguments()
    directory = scratch()
    tell = report.Report()
    kinds = [kind for kind in (Peer, OpenFiles, Coding, Site, Wide, Unkept) if not args.only or kind.name in args.only.split(",")]
    faults = []
    with contextlib.ExitStack() as stack:
        grouped = stack.enter_context(autogroup.off(directory))
        running = [stack.enter_context(kind(args, directory)) for kind in kinds]
        tell("# Static files\n")
        for line in [report.machine(args, ("wrk", "-v")), report.command(), f"the kernel's autogroup: {grouped}",
                     f"{args.connections} connections; {args.rounds} rounds of {args.seconds} s in turns after {args.warmup} s of load; medians"]:
            tell(f"- {line}")
        for size in args.sizes:
            of_size = [server for server in running if server.name != Coding.name]
            medians = table(tell, f"{size:,} bytes", of_size, f"/{size}.png", {}, args)
            faults += missed(medians, size) if {"nginx", "relais"} <= medians.keys() else []
        if not args.no_text:
            coded = [server for server in running if server.name in (Coding.name, Site.name, Wide.name)]
            if any(server.name == Coding.name for server in coded):
                table(tell, "A script of 60 KB for clients that take gzip", coded, "/text.js", GZIP, args)
    tell("\n" + ("\n".join(f"- not as wanted: {fault}" for fault in faults) or "All is as wanted."))
    if not args.only:
        tell.write("files")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
