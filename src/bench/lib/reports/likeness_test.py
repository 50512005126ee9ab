import unittest

from clients.visitor import Step
from reports.likeness import Likeness, masked


def step(name="a", status=200, headers=(("content-type", "text/html"),), body=b""):
    return Step(name, "GET", "/", status, list(headers), body)


class LikenessTest(unittest.TestCase):
    def test_volatile_parts_do_not_count(self):
        for one, other in (("nonce=1f2e3d4c5b", "nonce=9a8b7c6d5e"), ("at 12:01:02", "at 9:59:10"), ("2026-11-29 10:11:12", "2026-11-28T23:00:01Z"),
                           ("took 0.123 s", "took 12 s"), ("QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "b3RoZXIgYnl0ZXMgb2YgYSB0b2tlbg=="), ("?t=1764400000", "?t=1764400999")):
            self.assertEqual(masked(one), masked(other), one)

    def test_all_else_counts(self):
        for one, other in (("<b>one</b>", "<b>two</b>"), ("port 80", "port 8080"), ("a\n", "a"), ("/index.php/a", "/a")):
            self.assertNotEqual(masked(one), masked(other))

    def test_each_difference_is_told_once_with_its_steps(self):
        one = [step("a", headers=[("x", "1")], body=b"same"), step("b", headers=[("x", "1")], body=b"same")]
        other = [step("a", headers=[("x", "2")], body=b"same"), step("b", headers=[("x", "2")], body=b"same")]
        self.assertEqual({"field: `x: 1` / `-`": ["a", "b"], "field: `-` / `x: 2`": ["a", "b"]}, {text: [d.step for d in all] for text, all in Likeness(one, other).grouped().items()})

    def test_bodies_statuses_and_missing_steps_differ(self):
        likeness = Likeness([step("a", 404), step("b", body=b"<p>1</p>"), step("c")], [step("a", 403), step("b", body=b"<p>2</p>")])
        self.assertEqual({"steps", "status", "body"}, {d.fact for d in likeness.differences})
        self.assertEqual((1, 0), (likeness.pages, likeness.same_pages))

    def test_of_a_cookie_its_name_and_attributes_count(self):
        def cookie(value):
            return [step(headers=[("set-cookie", value)])]

        self.assertEqual([], Likeness(cookie("id=abc; path=/; HttpOnly"), cookie("id=xyz; path=/; HttpOnly")).differences)
        self.assertNotEqual([], Likeness(cookie("id=abc; path=/; HttpOnly"), cookie("id=abc; path=/")).differences)


if __name__ == "__main__":
    unittest.main()
