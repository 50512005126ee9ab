"""Debian's Prometheus, which scrapes one gateway once a second, and promtool."""

import json
import math
import subprocess
import urllib.parse

from clients.blocking import LOOPBACK, get
from servers.paths import ROOT
from servers.server import Server, free_ports

RULES = ROOT / "src/main/prometheus/rules.yaml"
RULES_TEST = ROOT / "src/test/prometheus/rules-test.yaml"
CONFIG = """global:
  scrape_interval: 1s
  scrape_timeout: 1s
  evaluation_interval: 1s
rule_files: [{rules}]
scrape_configs:
  - job_name: relais
    metrics_path: /q/metrics
    static_configs: [{{targets: ['{address}:{management}']}}]
"""


def promtool(*arguments):
    """(whether it was content, what it said)"""
    run = subprocess.run(["promtool", *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return run.returncode == 0, run.stdout


class Prometheus(Server):
    name = "prometheus"

    def __init__(self, args, scratch, management):
        super().__init__(args, scratch)
        self.management = management

    def prepare(self):
        self.home.mkdir()

    def start(self):
        (self.port,) = free_ports(1)
        config = self.home / "prometheus.yml"
        config.write_text(CONFIG.format(rules=RULES, address=LOOPBACK, management=self.management))
        self.spawn("prometheus", f"--config.file={config}", f"--storage.tsdb.path={self.home / 'data'}",
                   f"--web.listen-address={LOOPBACK}:{self.port}")

    def serving(self):
        return get(self.port, "/-/ready")[0] == 200

    def ask(self, path, **parameters):
        """The data of an answer of its HTTP API; raises when it is none."""
        query = urllib.parse.urlencode(parameters)
        answer = json.loads(get(self.port, f"/api/v1/{path}?{query}", timeout=30)[1] or b"{}")
        if answer.get("status") != "success":
            raise RuntimeError(f"{path} {parameters}: {answer.get('error', 'no answer')}")
        return answer["data"]

    def values(self, expression, begin, end):
        """[all numbers of a series] for each series that has any, one number a second."""
        found = self.ask("query_range", query=expression, start=begin, end=end, step=1)["result"]
        series = [[v for _, text in one["values"] if math.isfinite(v := float(text))] for one in found]
        return [numbers for numbers in series if numbers]
