"""That the guard passes what costs no more, and fails what does."""

import unittest

from scenarios.guard import ALLOCATED, WANTED, WANTED_ALLOCATED, verdict
from servers.allocations import allocated

BEFORE = {"requests/s": 1000.0, "p99 ms": 10.0, "front us/request": 100.0, ALLOCATED: 5000.0}


def failed(*now, before=(BEFORE,) * 3):
    """The columns that are not as wanted."""
    return [wanted.column for wanted in [*WANTED, WANTED_ALLOCATED] if not verdict(wanted, before, now)[1]]


class VerdictTest(unittest.TestCase):
    def test_the_same_passes(self):
        self.assertEqual([], failed(BEFORE, BEFORE, BEFORE))

    def test_what_is_better_passes(self):
        better = {"requests/s": 2000.0, "p99 ms": 1.0, "front us/request": 50.0, ALLOCATED: 0.0}
        self.assertEqual([], failed(better, better, better))

    def test_at_the_limits(self):
        at = {"requests/s": 950.0, "p99 ms": 11.0, "front us/request": 103.0, ALLOCATED: 5256.0}
        self.assertEqual([], failed(at, at, at))

    def test_each_column_fails_by_itself(self):
        for column, value in (("requests/s", 949), ("p99 ms", 11.1), ("front us/request", 103.1), (ALLOCATED, 5257)):
            worse = BEFORE | {column: value}
            self.assertEqual([column], failed(worse, worse, worse))

    def test_one_bad_round_of_three_decides_nothing(self):
        worse = {"requests/s": 100.0, "p99 ms": 100.0, "front us/request": 1000.0, ALLOCATED: 50_000.0}
        self.assertEqual([], failed(BEFORE, worse, BEFORE))
        self.assertEqual(4, len(failed(worse, worse, BEFORE)))

    def test_a_round_is_compared_with_its_own_turn(self):
        slow = {"requests/s": 100.0, "p99 ms": 100.0, "front us/request": 200.0, ALLOCATED: 5000.0}
        self.assertEqual([], failed(BEFORE, slow, slow, before=(BEFORE, slow, slow)))

    def test_the_line_tells_what_was_wanted_and_each_round(self):
        line, _ = verdict(WANTED[0], (BEFORE, BEFORE), (BEFORE, BEFORE | {"requests/s": 900.0}))
        self.assertEqual("* **0.950** times the requests/s (at least 0.95 wanted; rounds: 1.00, 0.90): **PASS**", line)


class AllocatedTest(unittest.TestCase):
    def test_differences_by_thread(self):
        def event(thread, name, count):
            return {"values": {"allocated": count, "thread": {"osThreadId": thread, "javaName": name, "osName": name}}}

        events = [event(1, "loop", 100), event(1, "loop", 350), event(2, "loop", 10), event(2, "loop", 11), event(3, "once", 1000),
                  event(4, "JFR Recorder Thread", 0), event(4, "JFR Recorder Thread", 9)]
        self.assertEqual({"loop": 251, "once": 0}, allocated({"recording": {"events": events}}))


if __name__ == "__main__":
    unittest.main()
