"""Mixed clients, aborts, slow readers and writers, kills, reloads and cleaned folders for an hour: see src/bench/README.md."""

import argparse
import asyncio
import collections
import fcntl
import os
import pathlib
import random
import re
import shutil
import stat
import subprocess
import sys
import time

import chaos
import load
import report
import servers
import soakload
from havoc import Havoc
from judge import Judge, Verdict, read_runs

WEIGHTS = {
    "child KILL": 10,
    "child SEGV": 4,
    "child STOP": 3,
    "master KILL": 3,
    "reload": 8,
    "generation": 4,
    "clean": 4,
}
PAUSE = 2.5  # seconds between two events on average
WARM = 40  # seconds of load before the numbers of the start are taken
QUIET = 3  # seconds after a round's load: background jobs and late work end
LONGEST_LINE = 400  # characters of a line of the gateway's log that is shown with a fault
MIB = 1 << 20
# What may be more at the end than at the start, and is no leak: code that ran for the first time, a thread pool that has grown.
MORE_HEAP, MORE_HEAP_PART, MORE_THREADS = 12 * MIB, 1.25, 24


class Relais(chaos.Relais):
    """With a TLS port besides."""

    def __init__(self, args, scratch):
        super().__init__(args, scratch)
        self.cert, self.key = scratch / "cert.pem", scratch / "key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                        "-keyout", self.key, "-out", self.cert, "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
                       check=True, capture_output=True)
        (self.tls_port,) = servers.free_ports(1)
        args.config = [*args.config, f"quarkus.http.ssl-port={self.tls_port}", "quarkus.http.tls-configuration-name=web",
                       f"quarkus.tls.web.key-store.pem.0.cert={self.cert}", f"quarkus.tls.web.key-store.pem.0.key={self.key}"]

    @property
    def ports(self):
        return {"http/1.1": self.port, "h2c": self.port, "h2": self.tls_port}

    @property
    def log(self):
        return self.home / f"{pathlib.Path(self.args.java).name}.log"

    def collect(self):
        """All garbage."""
        java = pathlib.Path(shutil.which(self.args.java)).resolve().with_name("jcmd")
        for _ in range(2):
            subprocess.run([java if java.exists() else "jcmd", str(self.gateway.pid), "GC.run"], check=True, capture_output=True)

    def size(self, pattern):
        text = servers.get(self.management, "/q/metrics")[1].decode()
        return sum(float(value) for value in re.findall(rf"^{pattern} (\S+)", text, re.M))


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/soak", description=__doc__)
    servers.options(parser)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--round", type=float, help="minutes until all comes to rest and is measured (default 5, at most a third)")
    parser.add_argument("--rate", type=float, default=110, help="requests/s (default 110)")
    parser.add_argument("--age", type=float, default=30, help="seconds after which a file counts as old for a cleaner (default 30)")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000), help="of the load and the events; printed")
    parser.add_argument("--result", default="soak", metavar="NAME", help="of the file in src/bench/results (default soak)")
    args = parser.parse_args()
    args.round = args.round or min(5, args.minutes / 3)
    args.config = ["relais.functions.timeout=15s", "relais.queue.max-wait=2s", "relais.workers.environment=CHAOS_LEDGER", *args.config]
    args.jvm = args.jvm or ["-Xmx256m", "-XX:+UseParallelGC", "-XX:+ExitOnOutOfMemoryError"]
    return args


class Storm(Havoc):
    """As in chaos, gentler, and somebody cleans the run directory."""

    def __init__(self, server, clients, seed, seconds, age):
        super().__init__(server, clients, seed, seconds, False, WEIGHTS, PAUSE)
        self.age, self.cleaned = age, collections.Counter()

    def do(self, kind, pick, seconds):
        if kind == "clean":
            self.cleaned.update(clean(self.server.run_directory, self.age))
            return 1
        return super().do(kind, pick, min(seconds, 1.5))


def clean(folder, age):
    """What a cleaner of /tmp does, as systemd-tmpfiles: files and sockets that are old go, but nothing of a folder that is locked."""
    done = collections.Counter()
    for at in [p for p in folder.iterdir() if p.is_dir() and not p.is_symlink()]:
        descriptor = os.open(at, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            done["folders left, as they are locked"] += 1
            continue
        finally:
            os.close(descriptor)
        for entry in at.iterdir():
            found = entry.lstat()
            if stat.S_ISDIR(found.st_mode):
                continue
            if time.time() - max(found.st_atime, found.st_mtime, found.st_ctime) > age:
                entry.unlink(missing_ok=True)
                done["old files removed"] += 1
        done.update(clean(at, age))
    return done


def state(server):
    """What the gateway holds, when nothing runs."""
    server.collect()
    descriptors = min((chaos.files(server.gateway.pid) for _ in range(20)), key=collections.Counter.total)
    children = [c for w in server.status().get("workers", []) for c in w["children"]]
    resident = int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{server.gateway.pid}/status").read_text())[1]) * 1024
    return {
        "heap": server.size(r'jvm_memory_used_bytes\{area="heap",[^}]*\}'),
        "direct": server.size(r'jvm_buffer_memory_used_bytes\{id="direct"\}'),
        "resident": resident,
        "threads": len(os.listdir(f"/proc/{server.gateway.pid}/task")),
        "descriptors": descriptors,
        "spool": server.metric("relais_spool_bytes"),
        "slots": sum(c["state"] == "idle" for c in children),
        "connections": server.metric("relais_http_connections"),
    }


def shown(held):
    return (f"{held['heap'] / MIB:.1f} | {held['direct'] / MIB:.1f} | {held['resident'] / MIB:.0f} | {held['threads']}"
            f" | {held['descriptors'].total()} | {held['spool']:.0f} | {held['slots']}")


class Rounds:
    """Each is judged by itself, so an hour fits into memory; what was found is added up."""

    def __init__(self):
        self.verdicts, self.outcomes, self.requests, self.runs = {}, collections.Counter(), 0, 0

    def judge(self, requests, runs, events, log):
        self.outcomes.update(chaos.outcome(r) for r in requests)
        self.requests, self.runs = self.requests + len(requests), self.runs + sum(map(len, runs.values()))
        judge = Judge(requests, runs, events)
        never = Verdict("(g) a request of which half has come never starts, whatever was pipelined before it", f"{len(requests):,} requests",
                        [f"started {len(runs[key])} times: {key}" for key in runs if key == "never"])
        found = [*judge.verdicts(), never]
        for verdict in found:
            verdict.faults = with_log(verdict.faults, log)
            self.verdicts.setdefault(verdict.question, []).append(verdict)
        return sum(len(v.faults) for v in found)

    def sums(self):
        return [Verdict(question, added([v.seen for v in parts]), [f for v in parts for f in v.faults])
                for question, parts in self.verdicts.items()]


def with_log(faults, log):
    """The faults, each with what the gateway's log says of its request, whose id is its first word. Reads the file only if there are any."""
    said = collections.defaultdict(list)
    for line in log.read_text(errors="replace").splitlines() if faults else ():
        if key := re.search(r"[?&]id=(\w+)", line):
            said[key[1]].append(line[:LONGEST_LINE])
    return ["".join([fault, *(f"; log: {line}" for line in said[fault.partition(" ")[0]])]) for fault in faults]


def added(texts):
    """The same sentence with the sums of its numbers."""
    rows = [[int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", text)] for text in texts]
    totals = iter(map(sum, zip(*rows)))
    return re.sub(r"\d[\d,]*", lambda _: f"{next(totals):,}", texts[0])


def kept(start, end):
    """(h) to (k): is there as much at the end as at the start?"""
    def row(letter, what, seen, faulty):
        return Verdict(f"({letter}) {what}", seen, [seen] if faulty else [])

    heap_limit = max(start["heap"] * MORE_HEAP_PART, start["heap"] + MORE_HEAP)
    before, after = start["descriptors"], end["descriptors"]
    return [
        row("h", "the heap, after a collection, is as at the start",
            f"{start['heap'] / MIB:.1f} MiB, {end['heap'] / MIB:.1f} MiB at the end; direct memory {start['direct'] / MIB:.1f} and"
            f" {end['direct'] / MIB:.1f} MiB", end["heap"] > heap_limit or end["direct"] > start["direct"] + 2 * MORE_HEAP),
        row("i", "so are the threads", f"{start['threads']}, {end['threads']} at the end", end["threads"] > start["threads"] + MORE_THREADS),
        row("j", "and the descriptors and connections", f"{dict(before)}, {dict(after)} at the end",
            after["socket"] > before["socket"] or after.total() > before.total() + chaos.MORE_FILES),
        row("k", "the spool is empty and every slot is free", f"{end['spool']:.0f} bytes, {end['slots']} of {start['slots']} slots",
            end["spool"] or end["slots"] != start["slots"]),
    ]


def varied(clients, havoc):
    """(l) that the run was what it claims to be."""
    ways = [f"{protocol}: {way}" for protocol in soakload.PROTOCOLS for way in [*soakload.WAYS, "asks"]]
    faults = [f"never: {way}" for way in ways if not clients.ways[way]] + [f"no {kind} took place" for kind in WEIGHTS
                                                                          if not havoc.counts[kind]]
    return Verdict("(l) every kind of client came over each protocol, and every kind of event took place",
                   f"{len(clients.ways)} of {len(ways)} ways, {sum(havoc.counts[kind] for kind in WEIGHTS):,} events", faults)


async def a_round(server, args, clients, havoc, rounds, until):
    await clients.offer(args.rate, until)
    await clients.finish()
    await asyncio.sleep(QUIET)
    settled = await chaos.settle(server, args)
    requests, runs = clients.take(), read_runs(server.ledger.read_text().splitlines())
    server.ledger.write_text("")
    faults = rounds.judge(requests, runs, havoc.events, server.log)
    return len(requests), faults, settled


async def soak(server, args, tell):
    loop = asyncio.get_running_loop()
    clients = soakload.Clients(server.ports, server.cert, random.Random(args.seed))
    await clients.offer(args.rate, loop.time() + WARM)
    await clients.finish()
    await asyncio.sleep(QUIET)
    await chaos.settle(server, args)
    clients.take()
    clients.ways.clear()
    server.ledger.write_text("")
    start = state(server)
    rounds, number = Rounds(), max(1, round(args.minutes / args.round))
    seconds = args.minutes * 60 / number
    havoc = Storm(server, clients, args.seed, 0, args.age)
    havoc.look()
    tell("\n| minute | requests | faults | heap MiB | direct MiB | RSS MiB | threads | descriptors | spool | slots |\n"
         "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    tell(f"| 0 | | | {shown(start)} |")
    for at in range(number):
        part = Storm(server, clients, args.seed + at, seconds, args.age)
        part.masters, part.counts, part.cleaned = havoc.masters, havoc.counts, havoc.cleaned
        breaking = asyncio.create_task(part.run())
        sent, faults, _ = await a_round(server, args, clients, part, rounds, loop.time() + seconds)
        await breaking
        part.finish()
        end = state(server)
        tell(f"| {(at + 1) * seconds / 60:g} | {sent:,} | {faults or ''} | {shown(end)} |")
        if server.gateway.poll() is not None:
            raise RuntimeError(f"the gateway has ended with {server.gateway.returncode}")
    await asyncio.sleep(QUIET)
    left = await chaos.leaks(server, args, havoc, start["descriptors"])
    for line in chaos.table("events", havoc.counts + havoc.cleaned) + chaos.table("outcomes", rounds.outcomes):
        tell(line)
    for line in chaos.table("clients", clients.ways):
        tell(line)
    tell(f"\n{rounds.requests:,} requests, {rounds.runs:,} runs of scripts.\n")
    return [*rounds.sums(), left, *kept(start, end), varied(clients, havoc)]


def main():
    args = arguments()
    scratch = servers.scratch()
    load.go_ahead()
    tell = report.Report()
    tell(f"# Soak\n\n`src/bench/soak --minutes {args.minutes:g} --seed {args.seed}`, {report.machine(args)}. {args.workers} workers of"
         f" {args.children // args.workers} children, {args.rate:g} requests/s at random instants, an event each {PAUSE} s. JVM:"
         f" {' '.join(args.jvm)}.")
    with Relais(args, scratch) as server:
        verdicts = asyncio.run(soak(server, args, tell))
    tell("| property | seen | |\n| --- | --- | --- |")
    for verdict in verdicts:
        tell(f"| {verdict.question} | {verdict.seen} | {f'**FAIL**: {len(verdict.faults)}' if verdict.faults else 'PASS'} |")
    for verdict in verdicts:
        for fault in verdict.faults[:chaos.SHOWN]:
            tell(f"\n- {verdict.question[:3]} {fault}")
    passed = not any(verdict.faults for verdict in verdicts)
    tell(f"\n**{'PASS' if passed else 'FAIL'}**")
    tell.write(args.result)
    sys.exit(not passed)


if __name__ == "__main__":
    main()
