"""That charts are well-formed, show every value, and have axes that hold them all."""

import unittest
from xml.etree import ElementTree

from charts.bars import bars
from charts.flame import LEAST, WIDTH, flame
from charts.lines import lines, panels
from charts.svg import Linear, Logarithmic

SVG = "{http://www.w3.org/2000/svg}"


def drawn(svg, kind):
    return list(ElementTree.fromstring(svg).iter(SVG + kind))


class FlameTest(unittest.TestCase):
    def test_a_frame_is_as_wide_as_its_share_and_stands_on_its_caller(self):
        svg = flame("CPU", {("run", "read"): 3, ("run", "write<>"): 1})
        boxes = drawn(svg, "g")
        self.assertEqual(["run: 100.00 %", "read: 75.00 %", "write<>: 25.00 %"], [box.find(SVG + "title").text for box in boxes])
        self.assertEqual([WIDTH, 0.75 * WIDTH, 0.25 * WIDTH], [float(box.find(SVG + "rect").get("width")) for box in boxes])
        run, read, write = (float(box.find(SVG + "rect").get("y")) for box in boxes)
        self.assertTrue(run > read == write)

    def test_what_is_too_narrow_to_see_is_left_out(self):
        self.assertEqual(1, len(drawn(flame("CPU", {("a",): int(2 * WIDTH / LEAST), ("b",): 1}), "g")))


class ChartsTest(unittest.TestCase):
    def test_a_bar_for_each_value_and_a_box_for_each_name(self):
        svg = bars("p99 < 1 & more", ("a", "b"), [("one", (1.5, 20)), ("two", (3, 400))])
        self.assertEqual(2 + 4, len(drawn(svg, "rect")))
        self.assertIn("p99 < 1 & more", [text.text for text in drawn(svg, "text")])

    def test_points_that_are_no_number_are_left_out(self):
        svg = lines("goodput", "offered", {"a": [(1, 2), (2, float("nan"))], "b": [(1, 3), (2, 4)]})
        self.assertEqual((2, 3), (len(drawn(svg, "polyline")), len(drawn(svg, "circle"))))

    def test_panels_have_one_legend_and_all_curves(self):
        svg = panels(["a", "b"], "workers", ["2", "8"], [("p50", 10, [[12, 13], [14, 15]]), ("waste", 0, [[0, 0], [0, 0]])])
        self.assertEqual((2, 4), (len(drawn(svg, "rect")), len(drawn(svg, "polyline"))))


class AxesTest(unittest.TestCase):
    def test_linear_begins_at_zero(self):
        axis = Linear([0, 3_100, float("nan")])
        self.assertEqual((0, 1), (axis.part(0), axis.part(axis.most)))
        self.assertEqual([0, 1_000, 2_000, 3_000, 4_000], axis.marks)

    def test_logarithmic_holds_least_and_most(self):
        axis = Logarithmic([2, 450])
        self.assertEqual([1, 10, 100, 1000], axis.marks)
        self.assertEqual((0, 1), (axis.part(1), axis.part(1000)))

    def test_logarithmic_from_a_given_least_with_finer_marks(self):
        axis = Logarithmic([93, 480], least=50, whole_decades=False)
        self.assertEqual([50, 100, 200], axis.marks)
        self.assertEqual(0, axis.part(20))


if __name__ == "__main__":
    unittest.main()
