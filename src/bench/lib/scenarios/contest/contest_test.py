"""That turns, starts and tables say what was seen."""

import math
import os
import pathlib
import tempfile
import time
import types
import unittest
from unittest import mock
from xml.etree import ElementTree

from scenarios.contest import lives, tables, workloads
from servers import contenders, packages, spent

WRK = {"requests": 1000, "micros": 2e6, "p50": 1000, "p99": 2000, "p999": 3000, "max": 4000, "not_ok": 100, "socket_errors": 7}
GENERATOR = {"requests": 900, "micros": 2e6, "p50": 1000, "p99": 2000, "p999": 3000, "slow": 0.25, "not_ok": 100, "connect_errors": 1,
             "read_errors": 2, "timeouts": 3, "stalled": 4, "unopened": 5, "cpu": 5000, "late_p99": 50}


def turn(seen, cpu=((1, 2), (2, 4))):
    with mock.patch.object(spent, "cpu", side_effect=cpu):
        return workloads.turn(workloads.Workload("w", "", lambda *_: seen), None, None, 2)


class TurnTest(unittest.TestCase):
    def test_wrk_counts_refusals_among_its_requests_and_the_generator_does_not(self):
        for seen in (WRK, GENERATOR):
            row = turn(seen)
            self.assertEqual((450, 100, 1000, 2000), (row["requests/s"], row["non-200"], row["front us"], row["PHP us"]))
        self.assertEqual((7, 107), (turn(WRK)["lost"], turn(WRK)["errors"]))
        self.assertEqual((15, 115, 25), (turn(GENERATOR)["lost"], turn(GENERATOR)["errors"], turn(GENERATOR)["over 2 ms %"]))
        self.assertTrue(math.isnan(turn(WRK)["over 2 ms %"]))

    def test_the_kinds_of_what_is_lost_are_told_by_server(self):
        rows = [turn(GENERATOR), turn(GENERATOR | {"read_errors": 0})]
        self.assertEqual(["\nLost: b 2 connect errors, 2 read errors, 6 timeouts, 8 stalled, 10 unopened."], tables.losses({"a": [row()], "b": rows}))
        self.assertEqual([], tables.losses({"a": [row()]}))

    def test_a_round_is_described_by_its_numbers(self):
        for seen in (WRK, GENERATOR):
            described = tables.described(turn(seen))
            self.assertIn("requests/s 450, ", described)
            self.assertNotIn("kind", described)
            self.assertNotIn("nan", described)

    def test_a_table_has_the_columns_of_which_a_round_knows_a_number(self):
        columns = tables.columns_of({"a": [turn(WRK)], "b": [turn(WRK)]})
        self.assertIn("requests/s", columns)
        for left_out in ("lost by kind", "errors", "over 2 ms %"):
            self.assertNotIn(left_out, columns)
        self.assertIn("over 2 ms %", tables.columns_of({"a": [turn(WRK)], "b": [turn(GENERATOR)]}))
        self.assertEqual(3, len([line for line in tables.table("t", {"a": [turn(WRK)]}, columns) if line.startswith("|")]))

    def test_a_server_that_answered_nothing_has_no_latency(self):
        self.assertTrue(math.isinf(turn(GENERATOR | {"requests": 0})["p99 ms"]))
        self.assertTrue(math.isinf(turn(WRK | {"not_ok": 1000})["p99 ms"]))


class StartTest(unittest.TestCase):
    def test_the_first_two_seconds_and_the_first_slice_at_full_speed(self):
        row = lives.started(0.5, 0.9, 1.0, [10, 50, 90, 96, 80, 97, 100, 100], 100)
        self.assertEqual((61.5, 0.615, 1.5), (row["first 2 s, requests/s"], row["first 2 s, of full speed"], row["full speed after s"]))

    def test_full_speed_at_once(self):
        self.assertEqual(0, lives.started(0.5, 0.9, 1.0, [99, 100], 100)["full speed after s"])

    def test_full_speed_never(self):
        self.assertTrue(math.isnan(lives.started(0.5, 0.9, 1.0, [10, 20], 100)["full speed after s"]))


def row(**values):
    return dict.fromkeys(workloads.COLUMNS, 1.0) | {"errors": 0} | values


RESULTS = {"closed": {"nginx": [row(**{"requests/s": 100}), row(**{"requests/s": 300})],
                      "relais": [row(**{"requests/s": 150, "non-200": 1}), row(**{"requests/s": 450, "non-200": 2})]},
           **{f"open-{rate}": {"nginx": [row()], "relais": [row()]} for rate in workloads.RATES}}


class TablesTest(unittest.TestCase):
    def test_each_row_has_a_cell_for_each_column(self):
        lines = tables.table("closed", RESULTS["closed"])
        self.assertEqual(1, len({line.count("|") for line in lines if line.startswith("|")}))

    def test_median_spread_ratio_and_sums(self):
        cells = [cell.strip() for cell in tables.table("closed", RESULTS["closed"])[-1].split("|")]
        self.assertEqual(["relais", "2", "300 (150 to 450)", "1.50"], cells[1:5])
        self.assertIn("3", cells)

    def test_goals_have_a_verdict_for_each_package(self):
        lines = tables.goals(RESULTS | {"other": RESULTS["closed"]}, {"relais": 17})
        self.assertTrue(any("requests/s / nginx | >= 1.35 | 1.50 PASS |" in line for line in lines), lines)
        self.assertEqual([], tables.goals({}, {"relais": 17}))

    def test_charts_are_well_formed(self):
        drawn = tables.charts(RESULTS, ["nginx", "relais"])
        self.assertEqual({"closed", "cpu", "open"}, set(drawn))
        for svg in drawn.values():
            ElementTree.fromstring(svg)
        self.assertEqual({}, tables.charts({}, ["nginx"]))


class PackagesTest(unittest.TestCase):
    def test_options_for_one_package_and_for_all(self):
        options = ["-XX:+UseSerialGC", "a:-Xmx64m", "b:-Xmx99m", "relais.functions.directory=/x:y", "a:k=v:w"]
        self.assertEqual(["-XX:+UseSerialGC", "-Xmx64m", "relais.functions.directory=/x:y", "k=v:w"], packages.named(options, "a"))

    def test_names_of_packages(self):
        found = packages.paths(["x", "b=y/z,c=w=v"])
        self.assertEqual({"relais": "x", "b": "y/z", "c=w": "v"}, {name: str(path) for name, path in found.items()})
        with self.assertRaises(SystemExit):
            packages.paths(["a=x,a=y"])


class SpentTest(unittest.TestCase):
    def test_front_and_php_are_told_apart(self):
        me = types.SimpleNamespace(pid=os.getpid())
        server = types.SimpleNamespace(masters=lambda: [], processes=[me])
        front, php = spent.parts(server)
        self.assertIn(os.getpid(), [p.pid for p in front])
        self.assertEqual([], php)
        front, php = spent.parts(types.SimpleNamespace(masters=lambda: [me], processes=[me]))
        self.assertEqual([], front)
        self.assertIn(os.getpid(), [p.pid for p in php])

    def test_memory_and_cpu_of_this_process(self):
        self.assertGreater(spent.proportional(os.getpid()), 1 << 20)
        self.assertGreater(spent.resident(os.getpid()), 1 << 20)
        self.assertEqual(0, spent.resident(0))
        before = spent.running(os.getpid())
        until = time.monotonic() + 60
        while spent.running(os.getpid()) == before and time.monotonic() < until:  # the kernel adds it up at its ticks
            sum(range(10_000))
        self.assertGreater(spent.running(os.getpid()), before)


class ConfigsTest(unittest.TestCase):
    def test_every_config_has_what_is_replaced_in_it(self):
        args = types.SimpleNamespace(children=16, workers=2)
        for kind in contenders.CONTENDERS + contenders.SHIPPED:
            if not kind.conf:
                continue
            if "apache-php" in kind.name and not list(contenders.MODULES.glob("libphp*.so")):
                continue
            with tempfile.TemporaryDirectory() as directory:
                server = kind(args, pathlib.Path(directory))
                server.home.mkdir()
                server.port, server.address = 4711, "198.18.0.9"
                text = server.configure(server.conf, server.changes()).read_text()
                self.assertIn("4711", text, kind.name)
                self.assertIn("198.18.0.9", text, kind.name)
                for left in (contenders.HOME, "127.0.0.1"):
                    self.assertNotIn(left, "\n".join(line for line in text.splitlines() if not line.startswith("#")), kind.name)
                server.configure(server.fpm, server.fpm_changes())


if __name__ == "__main__":
    unittest.main()
