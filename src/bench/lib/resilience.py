"""What must not go wrong under load, counted exactly: see src/bench/README.md."""

import argparse
import asyncio
import collections
import os
import random
import signal
import sys
import threading
import time

import load
import procs
import report
import servers


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/resilience", description=__doc__)
    parser.add_argument("scenario", choices=[*SCENARIOS, "all"])
    servers.options(parser)
    parser.add_argument("--against", choices=[k.name for k in KINDS], default="relais",
                        help="nginx: shows that the checks can fail")
    parser.add_argument("--replacements", type=int, default=50)
    parser.add_argument("--tries", type=int, default=20, help="of kill9")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


class Checks:
    """The lines of the table: what was seen, what was wanted, and whether that is so."""

    def __init__(self, tell, scenario, server):
        tell(f"\n## {scenario} ({server.name})\n\n| what | seen | wanted | |\n| --- | --- | --- | --- |")
        self.tell, self.passed = tell, True

    def add(self, what, seen, wanted="", ok=True):
        self.passed = self.passed and bool(ok)
        self.tell(f"| {what} | {seen} | {wanted} | {'' if wanted == '' else 'PASS' if ok else 'FAIL'} |")

    def load(self, clients):
        self.add("requests sent", clients.sent)
        self.add("outcomes", ", ".join(f"{o}: {n}" for o, n in sorted(clients.outcomes.items())))
        self.add("connections refused", clients.refused)
        self.add("slowest answer", f"{clients.slowest:.2f} s")
        self.add("requests with an outcome", sum(clients.outcomes.values()), clients.sent,
                 sum(clients.outcomes.values()) == clients.sent)


async def until(condition, seconds, step=0.005):
    """Seconds until `condition()` held, or None when it did not in time."""
    begin = time.monotonic()
    while (waited := time.monotonic() - begin) <= seconds:
        if condition():
            return waited
        await asyncio.sleep(step)
    return None


def took(seconds):
    return "not in time" if seconds is None else f"{seconds:.2f} s"


def mixed():
    """Short and longer requests, so that at every instant some are running."""
    dice = random.Random(7)
    return lambda: (f"/api/sleep?ms={dice.choice((50, 200, 400))}" if dice.random() < 0.1 else "/api/hello", None)


async def master(args, scratch, tell):
    """A worker's master is killed in the middle of the load."""
    with KIND[args.against](args, scratch) as server:
        checks = Checks(tell, "master killed with SIGKILL", server)
        before = server.masters()
        victim, share = before[0], server.share

        def back():
            new = [m for m in server.masters() if m.key not in {b.key for b in before}]
            return new and len(server.children(new[0])) >= share

        async with load.Load(server.port, args.connections, mixed()) as clients:
            await asyncio.sleep(2)
            procs.kill([victim])
            returned = await until(back, 5)
            await asyncio.sleep(2)
            late = clients.last.get("502", 0) > time.monotonic() - 1
        checks.load(clients)
        lost = clients.outcomes["502"]
        checks.add("failures that are no 502", clients.failures - lost, 0, clients.failures == lost)
        checks.add("502", lost, f"at most {share}, the worker's children", lost <= share)
        checks.add("new master with all its children", took(returned), "within 2 s",
                   returned is not None and returned <= 2)
        checks.add("still failing 1 s before the end", "yes" if late else "no", "no", not late)
        return checks.passed


class Versions:
    """A function whose every answer names its version at the start, from an included file, and at the end."""

    def __init__(self, functions):
        self.functions, self.current = functions, 0
        self.replace()

    def replace(self):
        """Writes the next version beside the file and renames it onto it: the one atomic way to replace a file."""
        version = self.current + 1
        (self.functions / f"_part-{version}.php").write_text(f"<?php echo 'part {version}', PHP_EOL;\n")
        echoes = "\n".join(f"echo 'line {n} of {version}', PHP_EOL;" for n in range(20))
        new = self.functions / "_new"
        new.write_text(f"<?php\necho 'start {version}', PHP_EOL;\ninclude __DIR__ . '/_part-{version}.php';\n"
                       f"usleep(200);\n{echoes}\necho 'end {version}', PHP_EOL;\n")
        os.rename(new, self.functions / "version.php")
        self.current = version

    @staticmethod
    def body(version):
        lines = [f"start {version}", f"part {version}", *(f"line {n} of {version}" for n in range(20)), f"end {version}"]
        return "".join(line + "\n" for line in lines).encode()

    def oldest(self):
        """What an answer to a request that is sent now may be from, at the oldest."""
        return self.current

    def request(self):
        oldest = self.oldest()

        def check(body):
            words = body.split(maxsplit=2)
            version = int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
            if body != self.body(version):
                return "mixed"
            return None if version >= oldest else "stale"

        return "/api/version", check


async def replace(args, scratch, tell):
    """A function's file is replaced again and again: quickly, and sometimes so slowly that opcache keeps the file."""
    dice = random.Random(args.seed)
    with KIND[args.against](args, scratch) as server:
        checks = Checks(tell, f"function replaced {args.replacements} times by rename", server)
        versions = Versions(server.functions)
        found = await until(lambda: servers.get(server.port, "/api/version")[0] == 200, 5)
        checks.add("new function found", took(found), "within 1 s", found is not None and found <= 1.1)
        async with load.Load(server.port, 32, versions.request) as clients:
            for number in range(args.replacements):
                await asyncio.sleep(3 if number % 10 == 9 else dice.uniform(0.05, 0.4))
                versions.replace()
            await asyncio.sleep(0.5)
        checks.load(clients)
        checks.add("replacements", versions.current - 1)
        for what in ("mixed", "stale"):
            checks.add(f"{what} answers", clients.outcomes[what], 0, not clients.outcomes[what])
        checks.add("failures of any kind", clients.failures, 0, not clients.failures)
        return checks.passed


async def term(args, scratch, tell):
    """The gateway is asked to end in the middle of the load."""
    # Between DOWN and the closed port, so that the order can be seen from outside.
    args = argparse.Namespace(**{**vars(args), "config": ["relais.shutdown.delay=200ms", *args.config]})
    with KIND[args.against](args, scratch) as server:
        checks = Checks(tell, "SIGTERM under load", server)
        down, over = [], threading.Event()

        def watch_readiness():
            while server.management and not down and not over.wait(0.005):
                if servers.get(server.management, "/q/health/ready", 1)[0] == 503:
                    down.append(time.monotonic())

        php = server.php()
        clients = load.Load(server.port, args.connections, mixed(), end_when_refused=True)
        async with clients:
            await asyncio.sleep(2)
            watcher = asyncio.create_task(asyncio.to_thread(watch_readiness))
            await asyncio.sleep(0.1)
            told, sent, answered = time.monotonic(), clients.sent, sum(clients.outcomes.values())
            server.gateway.send_signal(signal.SIGTERM)
            ended = await until(lambda: server.gateway.poll() is not None, 60)
            await asyncio.wait(clients.tasks, timeout=10)
            over.set()
        await watcher
        checks.load(clients)
        checks.add("running or waiting at SIGTERM", sent - answered)
        checks.add("requests sent after it", clients.sent - sent)
        checks.add("reset with the request unread", clients.outcomes["reset"])
        bad = clients.failures - clients.outcomes["reset"]
        checks.add("read requests without their function's answer", bad, 0, bad == 0)
        refused = clients.first.get("refused")
        checks.add("readiness DOWN after", took(down[0] - told) if down else "never", "seen", down)
        checks.add("first connection refused after", took(refused - told) if refused else "never", "not before DOWN",
                   down and refused and down[0] <= refused)
        checks.add("exit", f"code {server.gateway.poll()} after {took(ended)}", "code 0", server.gateway.poll() == 0)
        left = procs.running(php)
        checks.add("PHP processes left", len(left), 0, not left)
        return checks.passed


async def kill9(args, scratch, tell):
    """The gateway is killed under load, in turns alone, just after a master was stopped, and just after one was killed."""
    checks = None
    before = {"alone": None, "master stopped": signal.SIGSTOP, "master killed": signal.SIGKILL}
    for number in range(args.tries):
        how = list(before)[number % len(before)]
        with KIND[args.against](args, scratch) as server:
            checks = checks or Checks(tell, "gateway killed with SIGKILL", server)
            async with load.Load(server.port, args.connections, mixed(), timeout=5, end_when_refused=True):
                sleepers = [asyncio.create_task(asyncio.to_thread(servers.get, server.port, "/api/exec", 10))
                            for _ in range(2)]

                def theirs():
                    """All that belongs to the workers, and what their scripts started."""
                    masters = server.masters()
                    sessions = {m.session for m in masters} | {m.pid for m in masters}
                    return masters, [p for p in procs.everyone() if p.session in sessions or p.group in sessions]

                await until(lambda: sum(p.name == "sleep" for p in theirs()[1]) >= 2, 5)
                await asyncio.sleep(0.3)
                masters, belonging = theirs()
                belonging = list({p.key: p for p in belonging + procs.descendants(server.gateway.pid)}.values())
                sleeping = sum(p.name == "sleep" for p in belonging)
                if before[how]:
                    os.kill(masters[number % len(masters)].pid, before[how])
                os.kill(server.gateway.pid, signal.SIGKILL)

                def left():
                    """Also what was started after the list was made: it is in a master's session, or a new master."""
                    sessions = {m.pid for m in masters}
                    found = [p for p in procs.everyone() if p.running and (p.session in sessions or p.group in sessions)]
                    return {p.key: p for p in found + procs.running(belonging) + server.masters()}

                gone = await until(lambda: not left(), 2, step=0.01)
                rest = list(left().values())
                names = collections.Counter(f"{p.name} ({p.state})" for p in rest)
                checks.add(f"try {number + 1}, {how}: {len(belonging)} processes, {sleeping} of them sleep",
                           f"all gone after {took(gone)}" if gone is not None else
                           "left: " + ", ".join(f"{n} {name}" for name, n in sorted(names.items())),
                           "gone within 2 s", gone is not None and sleeping >= 2)
                procs.kill(rest)
            for sleeper in sleepers:
                await sleeper
    return checks.passed


async def kills(args, scratch, tell):
    """Children are killed from outside, one every 0.375 s."""
    dice, wanted, seconds = random.Random(args.seed), 40, 15
    with KIND[args.against](args, scratch) as server:
        checks = Checks(tell, f"{wanted} children killed within {seconds} s", server)
        killed = 0
        async with load.Load(server.port, args.connections, lambda: ("/api/hello", None)) as clients:
            begin = time.monotonic()
            for number in range(wanted):
                await asyncio.sleep(max(0, begin + number * seconds / wanted - time.monotonic()))
                children = [child for master in server.masters() for child in server.children(master)]
                procs.kill([dice.choice(children)])
                killed += 1
            await asyncio.sleep(2)
        checks.load(clients)
        checks.add("children killed", killed, wanted, killed == wanted)
        checks.add("failed requests", clients.failures, f"at most {killed}, one for each", clients.failures <= killed)
        checks.add("503", clients.outcomes["503"], 0, not clients.outcomes["503"])
        return checks.passed


KINDS = [servers.Nginx, servers.Relais]
KIND = {kind.name: kind for kind in KINDS}
SCENARIOS = {run.__name__: run for run in (master, kills, replace, term, kill9)}


def main():
    args = arguments()
    scratch = servers.scratch()
    tell = report.Report()
    tell(f"# Resilience\n\n{report.command()}, {report.machine(args)}. {args.connections} clients; {args.children} PHP children in all, Relais:"
         f" {args.workers} workers.")
    names = list(SCENARIOS) if args.scenario == "all" else [args.scenario]
    failed = [name for name in names if not asyncio.run(SCENARIOS[name](args, scratch, tell))]
    tell(f"\n**{'FAIL: ' + ', '.join(failed) if failed else 'PASS'}**")
    if args.scenario == "kills" and args.against == "relais":
        tell.write("kills")
    if args.scenario == "all" and args.against == "relais":
        tell.write("resilience")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
