"""Generation after generation under load, each request accounted for: see src/bench/README.md."""

import argparse
import asyncio
import json
import os
import statistics
import sys
import time

from clients.blocking import get
from clients.closed_loop import Load
from reports import report
from reports.checks import Checks, took, until
from scenarios.releases import Releases
from servers import processes, relais
from servers.options import options, scratch

ENOUGH = 200  # switches, for a run whose result is kept
SETTLES_WITHIN = 10  # seconds, until the last old generation is gone
MORE_DESCRIPTORS = 5  # at the end; one lost in each switch would be many
SWITCH = "/q/relais/generations?wait=30s"
SWITCHED_WITHIN = 40  # seconds


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/switches", description=__doc__)
    options(parser)
    parser.set_defaults(connections=16, children=8)
    parser.add_argument("--switches", type=int, default=200)
    parser.add_argument("--pause", type=float, default=0.02, help="of each client after each answer, in seconds")
    return parser.parse_args()


class Relais(relais.Relais):
    def config(self):
        return {"relais.functions.reload": "generations"}

    def switch(self):
        """Asks for a switch and waits for it: (status, answer)."""
        status, body = get(self.management, SWITCH, timeout=SWITCHED_WITHIN, method="POST")
        return status, json.loads(body or b"{}")

    def state(self):
        return self.status()["generation"]["state"]

    async def descriptors(self):
        """The fewest in a second: besides those that stay, the JVM has some for an instant."""
        fewest = 1 << 20
        for _ in range(50):
            fewest = min(fewest, len(os.listdir(f"/proc/{self.gateway.pid}/fd")))
            await asyncio.sleep(0.02)
        return fewest

    def sockets(self):
        return len(list(self.run_directory.glob("*/*.sock")))


async def run(args, directory, tell):
    with Relais(args, directory) as server:
        checks = Checks(tell, f"{args.switches} switches of generations under load", server)
        releases = Releases(server.functions)
        await asyncio.to_thread(server.switch)
        releases.served = releases.current
        times, refused, before = [], [], None
        async with Load(server.port, args.connections, releases.request, pause=args.pause) as clients:
            for number in range(args.switches):
                releases.replace()
                begin = time.monotonic()
                status, answer = await asyncio.to_thread(server.switch)
                times.append(time.monotonic() - begin)
                if status == 200:
                    releases.served = releases.current
                else:
                    refused.append(f"{status} {answer}")
                if number == args.switches // 10:
                    await until(lambda: server.state() == "serving", SETTLES_WITHIN)
                    before = await server.descriptors()
            settled = await until(lambda: server.state() == "serving", SETTLES_WITHIN)
            after = await server.descriptors()
        checks.load(clients)
        checks.add("switches", f"{len(times) - len(refused)}{'; ' if refused else ''}{'; '.join(refused[:3])}",
                   args.switches, not refused)
        checks.add("time of a switch", f"median {statistics.median(times):.2f} s, longest {max(times):.2f} s")
        checks.add("failed requests", clients.failures, 0, clients.failures == 0)
        checks.add("answers mixed of two releases", clients.outcomes["mixed"], 0, clients.outcomes["mixed"] == 0)
        checks.add("answers older than what served when they were asked for", clients.outcomes["stale"], 0,
                   clients.outcomes["stale"] == 0)
        checks.add("the last old generation gone", took(settled), f"within {SETTLES_WITHIN} s", settled is not None)
        checks.add(f"descriptors of the gateway: after {args.switches // 10 + 1} switches, at the end", f"{before}, {after}",
                   f"at most {MORE_DESCRIPTORS} more; one lost in each switch would be many", after <= before + MORE_DESCRIPTORS)
        expected = args.workers + args.workers * server.share
        checks.add("PHP processes at the end", len(processes.running(server.php())), expected,
                   len(processes.running(server.php())) == expected)
        checks.add("sockets at the end", server.sockets(), args.workers, server.sockets() == args.workers)
        return checks.passed


def main():
    args = arguments()
    directory = scratch()
    tell = report.Report()
    tell(f"# Switches of generations under load\n\n{report.command()}, {report.machine(args)}. {args.connections} clients, {args.workers}"
         f" workers of {args.children // args.workers} children.")
    passed = asyncio.run(run(args, directory, tell))
    tell(f"\n**{'PASS' if passed else 'FAIL'}**")
    if args.switches >= ENOUGH:
        tell.write("switches")
    sys.exit(not passed)


if __name__ == "__main__":
    main()
