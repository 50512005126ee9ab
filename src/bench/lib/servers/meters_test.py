"""That meters are found by their names and tags."""

import unittest

from servers.meters import Meters

TEXT = """# HELP a_bytes of something
# TYPE a_bytes gauge
a_bytes{area="heap",id="one"} 1.0
a_bytes{area="heap",id="two"} 2.0E3
a_bytes{area="other",id="one"} 4.0
b_total 8.0
"""


class MetersTest(unittest.TestCase):
    def test_totals(self):
        meters = Meters(TEXT)
        self.assertEqual((2005, 2001, 8), (meters.total("a_bytes"), meters.total("a_bytes", area="heap"), meters.total("b_total")))
        self.assertEqual({"one": 5, "two": 2000}, meters.by("a_bytes", "id"))

    def test_a_meter_that_is_not_there_is_no_zero(self):
        for name, tags in (("a_byte", {}), ("a_bytes", {"area": "none"})):
            with self.assertRaises(LookupError):
                Meters(TEXT).total(name, **tags)


if __name__ == "__main__":
    unittest.main()
