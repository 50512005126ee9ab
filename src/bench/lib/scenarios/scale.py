"""What more connections, workers, children and functions cost: requests/s, p99, CPU and memory. See src/bench/README.md."""

import argparse
import contextlib
import pathlib
import resource
import shutil
import socket
import sys
import time

from charts.lines import panels
from clients.wrk import per_second, warm, wrk
from reports import report
from servers import processes, spent
from servers.options import options, scratch
from servers.paths import RESULTS
from servers.relais import Relais

AXES = {
    "connections": (64, 1000, 4000, 9900),
    "workers": (1, 8, 64, 512),
    "children": (16, 64, 256, 1024),
    "functions": (1, 100, 1000, 10000),
}
COLUMNS = ["requests/s", "p99 ms", "gateway us/request", "PHP us/request", "gateway MiB", "idle CPU %"]
CHARTS = (("requests/s", 0), ("p99 ms", 0.1), ("gateway us/request", 0), ("gateway MiB", 0), ("idle CPU %", 0.01))
TARGET = "/api/hello"
SERVES_WITHIN = 180  # seconds; 512 masters take their time


class Scaled(Relais):
    """With so many of one thing."""

    def __init__(self, args, directory, axis, count):
        self.axis, self.count = axis, count
        super().__init__(args, directory)

    def config(self):
        workers = self.count if self.axis == "workers" else 1
        children = self.count if self.axis == "children" else max(1, self.args.children // workers)
        more = {"relais.workers.count": workers, "relais.workers.children": children}
        more["relais.functions.max-count"] = 2 * max(AXES["functions"])  # those of the bench are there as well
        return more | {"relais.workers.start-timeout": f"{SERVES_WITHIN}s"}

    def start(self):
        if self.axis == "functions":
            for number in range(1, self.count):
                folder = self.functions / f"group{number % 100}"
                folder.mkdir(exist_ok=True)
                shutil.copy(self.functions / "hello.php", folder / f"copy{number}.php")
        super().start()

    def wait_until_serving(self, seconds=SERVES_WITHIN):
        super().wait_until_serving(seconds)

    @contextlib.contextmanager
    def crowd(self):
        """Idle connections beside those of the load."""
        with contextlib.ExitStack() as held:
            for _ in range(self.count if self.axis == "connections" else 0):
                held.enter_context(socket.create_connection(("127.0.0.1", self.port)))
            yield


def idle(server, seconds):
    """Per cent of a core that the gateway uses while nobody asks."""
    before = spent.running(server.gateway.pid)
    time.sleep(seconds)
    return 100 * (spent.running(server.gateway.pid) - before) / seconds


def measure(server, args):
    warm(server.port, TARGET, args.connections, args.warmup)
    with server.crowd():
        front, php = server.front(), server.php()
        before = processes.cpu(front), processes.cpu(php)
        seen = wrk(server.port, TARGET, args.connections, args.seconds)
        used = processes.cpu(front) - before[0], processes.cpu(php) - before[1]
        requests = max(1, seen["requests"])
        return dict(zip(COLUMNS, [per_second(seen), seen["p99"] / 1e3, 1e6 * used[0] / requests, 1e6 * used[1] / requests,
                                  spent.resident(server.gateway.pid) / spent.MIB, idle(server, args.idle)]))


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/scale", description=__doc__)
    options(parser)
    parser.add_argument("--only", choices=AXES, action="append", help="one of the axes; may be repeated (default: all)")
    parser.add_argument("--seconds", type=int, default=5, help="of load at each point")
    parser.add_argument("--warmup", type=int, default=15, help="seconds of load before each point")
    parser.add_argument("--idle", type=int, default=4, help="seconds without load behind each point")
    parser.add_argument("--name", default="scale", help="of the tables and charts in src/bench/results")
    return parser.parse_args()


def main():
    args = arguments()
    directory = scratch()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    tell, failed = report.Report(), []
    tell("# What more of each thing costs\n")
    for line in [report.machine(args, ("wrk", "-v")), report.command(), f"{args.connections} clients in a closed loop on `{TARGET}`, "
                 f"{args.children} children of one worker where nothing else is said; idle connections stand beside those of the load"]:
        tell(f"- {line}")
    for axis in args.only or AXES:
        tell(f"\n## {axis}\n\n| {axis} | " + " | ".join(COLUMNS) + " |\n| ---: |" + " ---: |" * len(COLUMNS))
        rows = []
        for count in AXES[axis]:
            with Scaled(args, directory, axis, count) as server:
                rows.append(measure(server, args))
            tell(f"| {count:,} | " + " | ".join(f"{rows[-1][column]:,.2f}" for column in COLUMNS) + " |")
        steps = [f"{count:,}" for count in AXES[axis]]
        chart = panels(["Relais"], axis, steps, [(title, least, [[row[title] for row in rows]]) for title, least in CHARTS])
        (RESULTS / f"{args.name}-{axis}.svg").write_text(chart)
        tell(f"\n![{axis}]({pathlib.Path(f'{args.name}-{axis}.svg').name})")
        growth = AXES[axis][-1] / AXES[axis][0]
        for column in ("gateway us/request", "gateway MiB", "idle CPU %"):
            times = rows[-1][column] / max(1e-9, rows[0][column])
            if times > growth:
                failed.append(f"{column} grows {times:.0f} times over {growth:.0f} times the {axis}")
    tell("\n" + ("\n".join(failed) + "\n\n**FAIL**" if failed else "Nothing grows faster than linearly: **PASS**"))
    tell.write(args.name)
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
