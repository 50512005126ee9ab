"""What an anonymous client can do to the memory of a gateway with -Xmx256m: see src/bench/README.md."""

import argparse
import contextlib
import os
import re
import resource
import shutil
import sys
import threading
import time

from clients.blocking import get
from reports import report
from scenarios.attack_cases import ATTACKS
from scenarios.attackers import PROCESSES, assail
from servers.memory import MIB, Watch, collect, held
from servers.options import options, scratch
from servers.relais import RelaisWithTls

JVM = ["-Xmx256m", "-XX:+ExitOnOutOfMemoryError"]
ANSWER_WITHIN = 2  # seconds, after an attack
ANSWER_AWAITED = 20  # seconds, so that the report says how late it was
BACK_WITHIN = 15  # seconds, until what the attack has taken is given back
MORE_HEAP = 40 * MIB  # that may be in use after a collection beyond what was before
CALM_ONES, CALM_COUNTED = 25, 5  # answers before the attack, and how many of the last ones count
LOOK_AT = 0.6  # of an attack's time: when its heap is looked at
LOOKS = 0.5  # seconds between two looks at what is given back
SHOWN = ("open", "direct", "counted", "spool", "rss")


class Relais(RelaisWithTls):
    """With an application that has a large file, and a function whose body is streamed. It may end before it is stopped."""

    def __init__(self, args, scratch, attack):
        super().__init__(args, scratch)
        self.attack = attack

    def config(self):
        return super().config() | dict(pair.split("=", 1) for pair in self.attack.config)

    def start(self):
        (self.functions / "site").mkdir()
        (self.functions / "site/index.php").write_text("<?php echo 'front';\n")
        (self.functions / "site/large.bin").write_bytes(b"x" * 1_000_000)
        shutil.copy(self.functions / "count.php", self.functions / "streamed.php")
        (self.functions / "functions.yaml").write_text("functions:\n  site: { application: true }\n  streamed: { body: stream }\n")
        super().start()

    @property
    def attacked(self):
        """The port."""
        return self.tls_port if self.attack.tls else self.port


def look(server):
    """What the gateway holds, and what it counts itself: nothing when it does not answer. Connections count as a MiB each, for the table."""
    seen = held(server)
    if seen:
        with contextlib.suppress(LookupError):
            meters = server.meters()
            seen["open"] = meters.total("relais_http_connections") * MIB
            seen["counted"] = meters.total("relais_memory_bytes")
    return seen


def collected(server):
    """The same after a garbage collection."""
    with contextlib.suppress(RuntimeError):  # it may have ended
        collect(server)
    return look(server)


def asked(server, timeout):
    """(status, seconds) of /api/hello."""
    start = time.monotonic()
    status = get(server.port, "/api/hello", timeout=timeout)[0]
    return status, time.monotonic() - start


def is_back(before, after):
    """Whether all that the attack has taken was given back."""
    return bool(after) and after.get("counted", MIB) < MIB and after["spool"] == 0 and after["heap"] < before["heap"] + MORE_HEAP


def given_back(server, before, since):
    """What the gateway holds when all is given back, or when that has taken too long."""
    after = {}
    while not server.ended() and time.monotonic() - since < BACK_WITHIN:
        after = collected(server)
        if is_back(before, after):
            break
        time.sleep(LOOKS)
    return after


def measure(server, attack, seconds):
    """(whether the attack was withstood, the cells of its row)"""
    calm = max([asked(server, ANSWER_AWAITED)[1] for _ in range(CALM_ONES)][-CALM_COUNTED:])
    before, during = collected(server), []
    watch = Watch(lambda: look(server))
    looking = threading.Timer(seconds * LOOK_AT, lambda: during.append(collected(server)))
    looking.start()
    opened, most = assail(attack, server.attacked, seconds)
    looking.join()
    start = time.monotonic()
    status, answered = asked(server, ANSWER_AWAITED)
    watch.end(30)
    refused = 0 if server.ended() else server.metric("relais_memory_refusals_total")
    after = given_back(server, before, start)
    alive = not server.ended() and get(server.management, "/q/health/live")[0] == 200
    passed = status == 200 and answered <= ANSWER_WITHIN and alive and is_back(before, after)

    def mib(key, *looks):
        return " / ".join(f"{seen.get(key, 0) / MIB:.0f}" for seen in looks)

    return passed, [
        f"{opened:,} / {most:,}", f"{calm:.2f} s", f"{status or 'none'}, {answered:.2f} s", f"{os.getloadavg()[0]:.0f}", f"{refused:.0f}",
        mib("heap", before, during[0], watch.peak, after), *(mib(key, before, watch.peak, after) for key in SHOWN)]


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/attacks", description=__doc__)
    options(parser)
    parser.add_argument("--seconds", type=int, default=60, help="of each attack (default 60)")
    parser.add_argument("--only", default="", metavar="PATTERN", help="attacks in whose name it is found")
    parser.add_argument("--write", action="store_true", help="the result of --only, too")
    args = parser.parse_args()
    args.jvm = [*JVM, *args.jvm]
    return args


def introduce(tell, args):
    tell("# What an anonymous client can do to the memory of a gateway with a heap of 256 MiB\n")
    tell(f"{report.command()}, {report.machine(args)}.\n")
    tell(f"Each attack for {args.seconds} s from {PROCESSES} processes, on a gateway of its own, JVM options `{' '.join(args.jvm)}`. Then"
         f" `/api/hello` has to answer with 200 within {ANSWER_WITHIN} s, liveness to be UP, and within {BACK_WITHIN} s all that the gateway"
         " counts has to be given back.\n")
    tell("* **client:** connections opened / open at once (a connection that is refused is opened again after a second)\n"
         "* **calm:** the slowest of five answers of `/api/hello` before the attack, after twenty others; **answer:** of the one after it;"
         " **load:** of the machine, over a minute\n"
         "* **refused:** requests, heads and connections that had no room\n"
         "* **heap:** MiB before / during / at the most / after; what a collection leaves, at the most: with garbage\n"
         "* **the others:** before / at the most / after: connections that the gateway has; MiB of direct memory, of what the budgets count,"
         " of spool files, and resident\n")
    tell("| attack | client | calm | answer | load | refused | heap | open | direct | counted | spool | RSS | |\n"
         "| --- | --- | ---: | --- | ---: | ---: | --- | --- | --- | --- | --- | --- | --- |")


def main():
    args = arguments()
    directory = scratch()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    attacks = [attack for attack in ATTACKS if re.search(args.only, attack.name)]
    tell, failed = report.Report(), 0
    introduce(tell, args)
    for attack in attacks:
        with Relais(args, directory, attack) as server:
            passed, cells = measure(server, attack, args.seconds)
        failed += not passed
        tell(f"| {attack.name} | " + " | ".join(cells) + f" | {'PASS' if passed else '**FAIL**'} |")
    tell(f"\n{len(attacks)} attacks, {failed} not withstood: **{'FAIL' if failed else 'PASS'}**")
    if args.write or not args.only:
        tell.write("attacks")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
