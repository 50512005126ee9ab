"""Servers are measured in turns, and their rounds are summarised as described."""

import unittest
from unittest import mock

from scenarios import turns


class TurnsTest(unittest.TestCase):
    def test_no_server_is_always_the_first(self):
        with mock.patch.object(turns, "PAUSE", 0):
            self.assertEqual([(0, "a"), (0, "b"), (1, "b"), (1, "a"), (2, "a"), (2, "b")], list(turns.in_turns(["a", "b"], 3)))

    def test_medians_but_the_sum_of_errors(self):
        rounds = [{"p99 ms": value, "non-2xx": errors, "socket errors": 1} for value, errors in ((5, 0), (100, 2), (6, 0))]
        self.assertEqual({"p99 ms": 6, "non-2xx": 2, "socket errors": 3}, turns.summary(rounds))
        self.assertEqual(5, turns.errors(turns.summary(rounds)))

    def test_a_row_has_a_cell_for_each_column(self):
        values = dict.fromkeys(turns.COLUMNS[2:], 1.0)
        self.assertEqual(turns.head(turns.COLUMNS).splitlines()[0].count("|"), turns.row("a", 1, values).count("|"))


if __name__ == "__main__":
    unittest.main()
