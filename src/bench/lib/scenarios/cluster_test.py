import argparse
import contextlib
import subprocess
import unittest
from unittest import mock

from scenarios import cluster


class Stopped(Exception):
    """After its preparation nothing more of a step is run."""


class Scaled:
    """A cluster that knows how many pods it has, and runs as many as it is told to."""

    def __init__(self, pods):
        self.pods = pods
        self.said = []

    def kubectl(self, *words, **_):
        self.said.append(words)
        if words[0] == "scale":
            self.pods = int(words[-1].partition("=")[2])
        elif words[:2] == ("get", "pods"):
            return "\n".join(f"pod/{n}" for n in range(self.pods))
        return subprocess.CompletedProcess(words, 0, "", "")


class Steps(unittest.TestCase):
    def begun(self, step, pods):
        """The cluster as this step finds it, when it begins to look."""
        made = Scaled(pods)
        run = cluster.Run(made, lambda line: None, argparse.Namespace(steps=[step], updates=1))
        run.brought = True
        stop = mock.Mock(side_effect=Stopped)
        with mock.patch.multiple(run, load=stop, get=stop, pods=stop, restarts=stop, endpoints=stop), contextlib.suppress(Stopped):
            getattr(run, step)()
        return made

    def test_each_has_the_number_of_pods_that_it_needs_whatever_ran_before(self):
        wanted = {"change": 1, "bounds": 1, "memory": 1, "probe": 1, "update": 1, "delete": 2, "drain": 2}
        self.assertEqual(set(cluster.STEPS), set(wanted))
        for step, count in wanted.items():
            for before in (1, 2):
                with self.subTest(step=step, before=before):
                    self.assertEqual(count, self.begun(step, before).pods)

    def test_what_bounds_and_memory_ask_is_brought_unless_it_is_there(self):
        for step in ("bounds", "memory"):
            with self.subTest(step=step):
                made = Scaled(1)
                run = cluster.Run(made, lambda line: None, argparse.Namespace(steps=[step], updates=1))
                stop = mock.Mock(side_effect=Stopped)
                with mock.patch.multiple(run, get=stop, pods=stop, restarts=stop), contextlib.suppress(Stopped):
                    getattr(run, step)()
                self.assertIn("patch", [words[0] for words in made.said])

    def test_an_unknown_step_is_refused_before_a_cluster_is_made(self):
        with self.assertRaisesRegex(argparse.ArgumentTypeError, "no step drian"):
            cluster.steps("change,drian")
        self.assertEqual(["drain", "change"], cluster.steps("drain,change"))


if __name__ == "__main__":
    unittest.main()
