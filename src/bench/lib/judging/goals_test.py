"""That goals are judged by the medians of the rounds, and that what is missing or broken is no success."""

import math
import unittest

from judging.goals import GOALS, PASS, SHORT, Goal, judged
from scenarios.contest.workloads import COLUMNS, WORKLOADS

FASTER = Goal("closed", "requests/s", 1.35, True, "nginx")
CALMER = Goal("closed", "p99 ms", 0.7, False, "nginx")


def rounds(column, ours, nginx=()):
    return {"closed": {"relais": [{column: value} for value in ours], "nginx": [{column: value} for value in nginx]}}


class GoalTest(unittest.TestCase):
    def test_the_median_of_the_rounds_ratios_and_not_the_ratio_of_the_medians(self):
        self.assertEqual(2, FASTER.seen(rounds("requests/s", (200, 20, 2000), (100, 10, 1000)), "relais"))
        self.assertEqual(1.5, FASTER.seen(rounds("requests/s", (150, 300, 100), (100, 100, 100)), "relais"))

    def test_at_its_limit_a_goal_is_reached(self):
        self.assertEqual((True, False), (FASTER.good(1.35), FASTER.good(1.349)))
        self.assertEqual((True, False), (CALMER.good(0.7), CALMER.good(0.701)))

    def test_a_server_that_answered_nothing_has_not_the_best_latency(self):
        seen = CALMER.seen(rounds("p99 ms", (math.inf,), (10,)), "relais")
        self.assertFalse(CALMER.good(seen))

    def test_what_was_not_measured_is_not_judged(self):
        self.assertIsNone(FASTER.seen({}, "relais"))
        self.assertIsNone(FASTER.seen(rounds("requests/s", (100,)), "relais"))
        self.assertIsNone(Goal("closed", "over 2 ms %", 1).seen(rounds("over 2 ms %", (math.nan,)), "relais"))
        self.assertEqual([], judged({}, "relais", 17))

    def test_one_error_in_one_of_many_rounds_is_seen(self):
        results = {"crowd-1000": {"relais": [{"errors": 0, "p99 ms": 1}] * 4 + [{"errors": 1, "p99 ms": 1}]}}
        self.assertEqual([("errors", 1, SHORT)], [(goal.column, value, verdict) for goal, value, verdict in judged(results, "relais", 17)])

    def test_a_goal_for_one_jdk_is_judged_on_no_other(self):
        results = {"start": {"relais": [{"port open s": 0.9}]}}
        self.assertEqual([(1.1, PASS)], [(goal.limit, verdict) for goal, _, verdict in judged(results, "relais", 17)])
        self.assertEqual([(0.7, SHORT)], [(goal.limit, verdict) for goal, _, verdict in judged(results, "relais", 25)])

    def test_goals_name_workloads_and_columns_that_there_are(self):
        names = {workload.name for workload in WORKLOADS}
        for goal in GOALS:
            if goal.workload not in ("start", "idle", "memory"):
                self.assertIn(goal.workload, names)
                self.assertIn(goal.column, (*COLUMNS, "errors"))


if __name__ == "__main__":
    unittest.main()
