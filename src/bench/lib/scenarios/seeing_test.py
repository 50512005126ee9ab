"""The table of what it costs to see."""

import unittest

from scenarios import seeing


class SeeingTest(unittest.TestCase):
    def test_each_round_is_compared_with_the_same_round_of_the_first(self):
        lines = []
        seen = {"off": [{"p99 ms": 2.0}, {"p99 ms": 4.0}, {"p99 ms": 8.0}], "on": [{"p99 ms": 2.2}, {"p99 ms": 4.0}, {"p99 ms": 16.0}]}
        seeing.table(lines.append, seen, ["p99 ms"], "p99 ms", str)
        self.assertEqual(["| gateway | p99 ms | p99 ms of the first |\n| --- | ---: | ---: |", "| off | 4.00 | 1.000 |", "| on | 4.00 | 1.100 |"], lines)

    def test_all_that_is_on_in_one_variant_is_off_in_the_others(self):
        for kind in seeing.KINDS.values():
            self.assertTrue(kind.more.keys() <= seeing.Everything.more.keys() | {"relais.access-log.file"}, kind.name)
        self.assertEqual({}, seeing.Off.more)


if __name__ == "__main__":
    unittest.main()
