import pathlib
import tempfile
import unittest
from unittest import mock

from reports import report


class Renewed(unittest.TestCase):
    def test_sections_that_were_not_made_stay_and_the_others_are_replaced_where_they_stand(self):
        with tempfile.TemporaryDirectory() as folder, mock.patch.object(report, "RESULTS", pathlib.Path(folder)):
            file = pathlib.Path(folder) / "x.md"
            file.write_text("# Old title\n\n## a: one, on 2020-01-01 with x\n\nold a\n\n## b\n\nold b\n")
            tell = report.Report()
            tell("# Title\n")
            tell("\n## a: one, on 2021-01-01 with y\n\nnew a\n\n### part of a")
            tell("\n## c\n\nnew c")
            tell.renew("x")
            self.assertEqual("# Title\n\n## a: one, on 2021-01-01 with y\n\nnew a\n\n### part of a\n\n## b\n\nold b\n\n## c\n\nnew c\n", file.read_text())

    def test_without_a_file_it_is_written(self):
        with tempfile.TemporaryDirectory() as folder, mock.patch.object(report, "RESULTS", pathlib.Path(folder)):
            tell = report.Report()
            tell("# Title\n")
            tell.renew("x")
            self.assertEqual("# Title\n", (pathlib.Path(folder) / "x.md").read_text())


if __name__ == "__main__":
    unittest.main()
