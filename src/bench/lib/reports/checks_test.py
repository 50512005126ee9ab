import types
import unittest

from reports.checks import Checks, cell


class Cells(unittest.TestCase):
    def test_lines_of_code_are_a_span_each(self):
        self.assertEqual("`active`<br>`running`", cell("`active\nrunning`"))

    def test_lines_of_text(self):
        self.assertEqual("a<br>b", cell("a\n\n b\n"))

    def test_bars_do_not_end_a_cell(self):
        self.assertEqual("`sent\\|no socket`", cell("`sent|no socket`"))

    def test_what_is_no_text(self):
        self.assertEqual("[(200, b'slept')]", cell([(200, b"slept")]))
        self.assertEqual("", cell(""))


class Rows(unittest.TestCase):
    def setUp(self):
        self.lines = []

    def checks(self, scenario, name):
        return Checks(self.lines.append, scenario, types.SimpleNamespace(name=name))

    def test_each_check_is_one_line(self):
        checks = self.checks("Unit", "relais")
        checks.add("state", "`active\nrunning`", "`a|b`", False)
        checks.add("it took", "1 s")
        self.assertEqual(["| state | `active`<br>`running` | `a\\|b` | FAIL |", "| it took | 1 s |  |  |"], self.lines[1:])
        self.assertFalse(checks.passed)

    def test_the_heading_names_the_server_once(self):
        self.checks("Unit", "relais")
        self.checks("Debian 12: relais", "relais")
        self.assertEqual(["## Unit (relais)", "## Debian 12: relais"], [line.split("\n")[1] for line in self.lines])


if __name__ == "__main__":
    unittest.main()
