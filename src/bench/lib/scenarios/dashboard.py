"""Alerts and dashboard, asked of a real Prometheus: see src/bench/README.md."""

import argparse
import asyncio
import json
import os
import random
import signal
import sys
import time

from clients import http1, outcomes
from clients.blocking import get
from clients.closed_loop import Flood, Load
from clients.connection import Connection
from reports import report
from reports.checks import Checks, until
from servers.options import options, scratch
from servers.paths import ROOT
from servers.prometheus import RULES, RULES_TEST, Prometheus, promtool
from servers.relais import Relais

DASHBOARD = ROOT / "src/main/prometheus/dashboard.json"
CROWD = 150  # connections that ask for more than the children can do
WAITING = 40  # requests that may wait: the crowd is beyond that
UPLOAD = 1 << 20  # bytes, of which half come at once
PAUSE = 1.5  # seconds in the middle of an upload
ALERTS_WITHIN = 20  # seconds
# Grafana's variables. The interval of rates is what Grafana would take for a scrape each second, and some more for a busy machine.
VARIABLES = {"$__rate_interval": "10s", "$job": ".*", "$instance": ".*"}
# What no query has to show more than 0 of: the load does not bring it about.
QUIET = ("relais_worker_children_lost", "relais_files_threads_hung", "relais_faults_total", "relais_http_answers_broken_total",
         "relais_spool_full_total", "relais_memory_refusals_total", "relais_children_recycled_total")
FUNCTIONS = {
    "failing.php": "<?php http_response_code(500); echo 'failed';",
    "dying.php": "<?php posix_kill(getmypid(), 9);",
    "retried.php": "<?php if (!mt_rand(0, 3)) { posix_kill(getmypid(), 9); } echo 'lived';",
    "functions.yaml": "functions:\n  retried:\n    idempotent: true\n",
}
PATHS = ["/api/hello"] * 8 + ["/api/wait"] * 3 + ["/api/kept?bytes=2000"] * 6 + ["/api/failing", "/api/missing", "/api/retried"]


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/dashboard", description=__doc__)
    options(parser)
    parser.set_defaults(connections=8, children=4)
    parser.add_argument("--seconds", type=float, default=40, help="of the load (default 40)")
    return parser.parse_args()


class Gateway(Relais):
    def start(self):
        for name, text in FUNCTIONS.items():
            (self.functions / name).write_text(text)
        super().start()

    def config(self):
        return {
            "relais.queue.capacity": WAITING,
            "relais.http.body-memory": "16K",
            "relais.http.idle-timeout": "2s",
            "relais.functions.reload": "generations",
        }


class Turns:
    """What happens one after the other beside the load, again and again."""

    def __init__(self, server):
        self.server, self.switched = server, 0

    async def run(self):
        number = 0
        while True:
            idle = await Connection.open(self.server.port)  # which the gateway closes
            await self.poison()
            await self.upload()
            os.kill(self.server.masters()[0].pid, signal.SIGKILL)
            await asyncio.sleep(3)
            (self.server.functions / f"new{number}.php").write_text("<?php echo 1;")
            status, _ = await asyncio.to_thread(get, self.server.management, "/q/relais/generations?wait=20s", 30, "POST")
            self.switched += status == 200
            idle.close()
            number += 1

    async def poison(self):
        for _ in range(8):
            await asyncio.to_thread(self.server.get, "/api/dying")

    async def upload(self):
        connection = await Connection.open(self.server.port)
        try:
            connection.write(http1.head("/api/count", f"Content-Length: {UPLOAD}", method="POST") + bytes(UPLOAD // 2))
            await connection.drain()
            await asyncio.sleep(PAUSE)
            connection.write(bytes(UPLOAD // 2))
            await connection.answer()
        except outcomes.FAILURES:
            pass  # it may have been refused
        finally:
            connection.close()


async def load(server, seconds, tell):
    turns = Turns(server)
    task = asyncio.create_task(turns.run())
    async with Load(server.port, server.args.connections, lambda: (random.choice(PATHS), None), pause=0.005) as clients:
        await asyncio.sleep(seconds / 2)
        async with Flood(server.port, "/api/wait", CROWD):
            await asyncio.sleep(seconds / 4)
        await asyncio.sleep(seconds / 4)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    tell(f"\n{clients.sent:,} requests beside the crowd: " + ", ".join(f"{o}: {n:,}" for o, n in sorted(clients.outcomes.items()))
         + f"; {turns.switched} switches of the generation.")


def queries():
    """(panel, query) of all panels, with Grafana's variables replaced."""
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        for target in panel.get("targets", []):
            expression = target["expr"]
            for name, value in VARIABLES.items():
                expression = expression.replace(name, value)
            yield panel["title"], expression


def shown(number):
    return f"{number:,.0f}" if number >= 1000 else f"{number:.3g}"


def ask_each(checks, prometheus, begin, end):
    for title, expression in queries():
        series = prometheus.values(expression, begin, end)
        most = max((max(numbers) for numbers in series), default=None)
        quiet = any(name in expression for name in QUIET)
        checks.add(f"{title}: `{expression.replace('|', chr(92) + '|')}`", f"{len(series)} series" + (f", at most {shown(most)}" if series else ""),
                   "something" if quiet else "more than 0", series and (quiet or most > 0))


async def ask_rules(checks, prometheus):
    rules = [rule for group in prometheus.ask("rules")["groups"] for rule in group["rules"]]
    bad = [f"{rule['name']}: {rule.get('lastError')}" for rule in rules if rule["health"] != "ok"]
    checks.add("rules that were evaluated", len(rules) - len(bad), f"{len(rules)} {'; '.join(bad)}".strip(), rules and not bad)

    def firing():
        return sorted({alert["labels"]["alertname"] for alert in prometheus.ask("alerts")["alerts"] if alert["state"] == "firing"})

    await until(lambda: "RelaisErrorBudgetBurnsFast" in firing(), ALERTS_WITHIN, step=1)
    checks.add("alerts that fire", ", ".join(firing()), "RelaisErrorBudgetBurnsFast among them", "RelaisErrorBudgetBurnsFast" in firing())


async def run(args, directory, tell):
    with Gateway(args, directory) as server, Prometheus(args, directory, server.management) as prometheus:
        begin = time.time()
        await load(server, args.seconds, tell)
        await asyncio.sleep(2)  # so that the last seconds are scraped
        checks = Checks(tell, "Queries of the dashboard", server)
        ask_each(checks, prometheus, begin, time.time())
        rules = Checks(tell, "Rules", prometheus)
        await ask_rules(rules, prometheus)
        return checks.passed and rules.passed


def main():
    args = arguments()
    directory = scratch()
    tell = report.Report()
    tell(f"# Alerts and dashboard\n\n{report.command()}, {report.machine(args, ('prometheus', '--version'))}. {args.connections} clients for "
         f"{args.seconds:.0f} s, and for a quarter of it a crowd of {CROWD}, with {args.children} children in {args.workers} workers and a queue for {WAITING}.")
    checked, said = promtool("check", "rules", RULES)
    tested, also = promtool("test", "rules", RULES_TEST)
    tell(f"\n```\n{said.strip()}\n{also.strip()}\n```".replace(f"{ROOT}/", ""))
    passed = asyncio.run(run(args, directory, tell)) and checked and tested
    tell(f"\n**{'PASS' if passed else 'FAIL'}**")
    if passed:
        tell.write("dashboard")
    sys.exit(not passed)


if __name__ == "__main__":
    main()
