import unittest

from clients.visitor import Forms, Visitor

PAGE = """<link rel="stylesheet" href="/a.css"><link rel="canonical" href="/x"><script src="b.js"></script><img src="http://other.test/c.png">
<form id="f" method="post" action="/save?x=1"><input name="t" value="v"><input type="checkbox" name="c"><input type="checkbox" name="d" checked>
<input type="submit" name="go" value="Go"><input type="file" name="up"><select name="s"><option value="1"><option value="2" selected></select>
<textarea name="a">
text</textarea></form>"""


class VisitorTest(unittest.TestCase):
    def test_a_form_is_sent_as_a_browser_would(self):
        (form,) = Forms(PAGE).forms
        self.assertEqual([("t", "v"), ("d", "on"), ("s", "2"), ("a", "text")], form["fields"])
        self.assertEqual(("post", "/save?x=1", ["c", "go", "up"]), (form["method"], form["action"], form["others"]))

    def test_assets_are_what_a_browser_loads(self):
        self.assertEqual(["/a.css", "b.js", "http://other.test/c.png"], Forms(PAGE).assets)

    def test_a_cookie_that_has_ended_is_sent_no_more(self):
        visitor = Visitor("127.0.0.1", "a.test")
        visitor.keep("one=1; path=/")
        visitor.keep("two=2; Max-Age=3600")
        visitor.keep("one=; expires=Thu, 01 Jan 1970 00:00:00 GMT")
        self.assertEqual({"two": "2"}, visitor.cookies)


if __name__ == "__main__":
    unittest.main()
