"""What slow and idle clients do to another one: see src/bench/README.md."""

import argparse
import shutil
import socket
import statistics
import subprocess
import sys
import time

from clients import http1
from clients.blocking import Client
from clients.latencies import percentile
from clients.wrk import wrk
from reports import report
from servers.options import options, scratch
from servers.relais import Relais

LIMIT_MS = 10
EACH = 0.01  # seconds between two requests of the probe
LOOKS = 1  # seconds between two looks at the children
PATIENCE = 5  # seconds that the probe waits for an answer
ALONE = 10  # seconds of the probe before the attacks
IDLE = 15  # seconds of the probe beside idle connections, at the most
CONNECTIONS_PER_SECOND = 200  # that slowhttptest opens
ATTACKS = {
    "slow heads (`slowhttptest -H`)": ["-H", "-u", "{url}", "-t", "GET", "-i", "5", "-x", "24"],
    "slow bodies (`slowhttptest -B`)": ["-B", "-u", "{url}", "-t", "POST", "-i", "5", "-x", "10", "-s", "8192"],
    "slow readers (`slowhttptest -X`)": ["-X", "-u", "{large}", "-t", "GET", "-w", "512", "-y", "1024", "-n", "5", "-z", "32", "-k", "3"],
}


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/slow", description=__doc__)
    options(parser)
    parser.add_argument("--seconds", type=int, default=40, help="of each attack (default 40)")
    parser.add_argument("--warmup", type=int, default=8, help="seconds of load before (default 8)")
    parser.add_argument("--idle", type=int, default=10_000, help="idle connections (default 10000)")
    parser.add_argument("--attackers", type=int, default=1_000, help="connections of slowhttptest (default 1000)")
    return parser.parse_args()


class Probe:
    """One well-behaved client on one connection, a hundred requests a second."""

    def __init__(self, server):
        self.server, self.millis, self.failed, self.busy = server, [], 0, []
        self.client = None

    def run(self, seconds, busy_after=0):
        """`busy_after`: seconds until the children are looked at, as an attack has to begin first."""
        began, looked = time.monotonic(), 0
        while (now := time.monotonic()) - began < seconds:
            self.ask(now)
            if now - began > busy_after and now - looked > LOOKS:
                looked = now
                self.busy.append(self.server.metric("relais_worker_children_busy"))  # the probe's own request is over
            time.sleep(max(0.0, EACH - (time.monotonic() - now)))
        self.close()

    def ask(self, now):
        try:
            self.client = self.client or Client(self.server.port, timeout=PATIENCE)
            answer = self.client.ask(http1.head("/api/hello"))
            self.millis.append((time.monotonic() - now) * 1000)
            self.failed += answer.status != 200
        except (OSError, http1.Cut, http1.Broken):
            self.failed += 1
            self.close()

    def close(self):
        if self.client:
            self.client.close()
            self.client = None

    def at(self, part):
        return percentile(self.millis, part)


def closed_by_limit(server):
    counts = server.meters().by("relais_http_connections_closed_total", "reason")
    return ", ".join(f"{reason} {count:.0f}" for reason, count in counts.items() if count) or "none"


def attack(server, args, directory, attack_options):
    """slowhttptest, as long as the probe runs."""
    url = f"http://127.0.0.1:{server.port}/api/hello"
    large = f"http://127.0.0.1:{server.port}/api/emit?bytes=60000"
    command = ["slowhttptest", "-c", str(args.attackers), "-r", str(CONNECTIONS_PER_SECOND), "-l", str(args.seconds), "-p", "3",
               *(option.format(url=url, large=large) for option in attack_options)]
    with open(directory / "slowhttptest.log", "ab") as log:
        running = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=directory)
        try:
            probe = Probe(server)
            probe.run(args.seconds - 1, busy_after=args.attackers / CONNECTIONS_PER_SECOND + 1)
            return probe, running.poll() is None
        finally:
            running.terminate()
            running.wait()


def crowd(server, args):
    """Connections that send nothing."""
    clients = []
    try:
        for _ in range(args.idle):
            client = socket.socket()
            client.connect(("127.0.0.1", server.port))
            clients.append(client)
        probe = Probe(server)
        probe.run(min(IDLE, args.seconds))
        still = 0
        for client in clients:
            client.setblocking(False)
            try:
                still += bool(client.recv(1))
            except BlockingIOError:
                still += 1
            except OSError:
                pass
        return probe, still
    finally:
        for client in clients:
            client.close()


def main():
    args = arguments()
    if not shutil.which("slowhttptest"):
        sys.exit("no slowhttptest on PATH: apt-get install slowhttptest")
    directory = scratch()
    tell, wrong = report.Report(), 0
    with Relais(args, directory) as server:
        tell(f"# Slow and idle clients\n\n`src/bench/slow`, {report.machine(args)}. Relais with its defaults, "
             f"{args.children} children. A probe asks for `/api/hello` a hundred times a second on one connection; p99 has to stay "
             f"below {LIMIT_MS} ms, with no failure and no busy child.\n")
        tell("| against it | probes | failed | p50 ms | p99 ms | max ms | busy children | connections ended so far | |")
        tell("| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- | --- |")

        def row(name, probe, note=""):
            nonlocal wrong
            held = statistics.median(probe.busy or [0])  # of some looks: one may meet a request that is being served
            good = not probe.failed and probe.at(0.99) < LIMIT_MS and held == 0
            wrong += not good
            tell(f"| {name} | {len(probe.millis):,} | {probe.failed} | {probe.at(0.5):.2f} | {probe.at(0.99):.2f} |"
                 f" {probe.at(1):.2f} | {held:.0f} | {closed_by_limit(server)} | {'PASS' if good else '**FAIL**'}{note} |")

        wrk(server.port, "/api/hello", 16, args.warmup)  # the JVM's compilers need it
        quiet = Probe(server)
        quiet.run(ALONE)
        row("nothing", quiet)
        for name, attack_options in ATTACKS.items():
            probe, lasted = attack(server, args, directory, attack_options)
            row(f"{name}, {args.attackers:,} connections", probe, "" if lasted else ", all its connections were ended")
        probe, still = crowd(server, args)
        row(f"{args.idle:,} idle connections", probe, f", {still:,} still open at the end")
    tell(f"\n**{'FAIL' if wrong else 'PASS'}**")
    tell.write("slow")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
