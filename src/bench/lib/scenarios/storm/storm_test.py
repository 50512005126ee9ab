"""That the parts of a storm do what they say: cleaner, ledger, ways, and what counts as a leak."""

import collections
import fcntl
import os
import pathlib
import random
import socket
import tempfile
import unittest

from clients.http1 import Broken, Cut
from judging.ledger import Request
from scenarios.storm import mix, ways
from scenarios.storm.cleaner import clean
from scenarios.storm.clients import Aborted, Clients
from scenarios.storm.holdings import kept
from scenarios.storm.rounds import added, with_log


class CleanTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.run_directory = pathlib.Path(folder.name)
        self.private = self.run_directory / "relais-1"
        (self.private / "below").mkdir(parents=True)
        for name in ("relais-pid.php", "below/a.pid"):
            (self.private / name).write_text("")
        listener = socket.socket(socket.AF_UNIX)
        self.addCleanup(listener.close)
        listener.bind(str(self.private / "worker.sock"))

    def test_old_files_and_sockets_go(self):
        self.assertEqual(3, clean(self.run_directory, -1)["old files removed"])
        self.assertEqual(["below"], [entry.name for entry in self.private.iterdir()])

    def test_new_ones_stay(self):
        self.assertEqual(collections.Counter(), clean(self.run_directory, 60))

    def test_nothing_of_a_locked_folder_goes(self):
        descriptor = os.open(self.private, os.O_RDONLY)
        self.addCleanup(os.close, descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        self.assertEqual({"folders left, as they are locked": 1}, clean(self.run_directory, -1))


class AddedTest(unittest.TestCase):
    def test_numbers_of_a_sentence_are_added(self):
        self.assertEqual("1,203 requests, 7 of them poison", added(["1,200 requests, 5 of them poison", "3 requests, 2 of them poison"]))


class WithLogTest(unittest.TestCase):
    def test_a_fault_has_the_lines_of_its_request_and_no_others(self):
        with tempfile.TemporaryDirectory() as folder:
            log = pathlib.Path(folder) / "java.log"
            log.write_text("WARN Request is run again: target=/api/chaos/again?id=s12&ms=3 child=7\nWARN target=/api/chaos/run?id=s1&ms=3\n"
                           "ERROR master 5 ended\n")
            found = with_log(["s12 again: started 2 times", "s2 run: no outcome"], log)
        self.assertEqual(["s12 again: started 2 times; log: WARN Request is run again: target=/api/chaos/again?id=s12&ms=3 child=7",
                          "s2 run: no outcome"], found)


class KeptTest(unittest.TestCase):
    START = {"heap": 20 << 20, "direct": 1 << 20, "threads": 40, "descriptors": collections.Counter(file=30, socket=20), "spool": 0,
             "slots": 16}

    def faulty(self, **end):
        return [v.question[1] for v in kept(self.START, self.START | end) if v.faults]

    def test_what_is_as_at_the_start_passes(self):
        self.assertEqual([], self.faulty())

    def test_each_leak_is_found(self):
        self.assertEqual(["h"], self.faulty(heap=40 << 20))
        self.assertEqual(["h"], self.faulty(direct=40 << 20))
        self.assertEqual(["i"], self.faulty(threads=80))
        self.assertEqual(["j"], self.faulty(descriptors=collections.Counter(file=30, socket=21)))
        self.assertEqual(["j"], self.faulty(descriptors=collections.Counter(file=50, socket=20)))
        self.assertEqual(["k"], self.faulty(spool=1))
        self.assertEqual(["k"], self.faulty(slots=15))


class MixTest(unittest.TestCase):
    def test_expected_answers(self):
        self.assertEqual(b"r1 done\n", mix.expected(Request("r1", "brief", 0), None))
        self.assertEqual(b"r1 900150983cd24fb0d6963f7d28e17f72 done\n", mix.expected(Request("r1", "upload", 0), b"abc"))
        self.assertEqual(1024 + len("r1 done\n"), len(mix.expected(Request("r1", "big", 0), None, 1)))


class WaysTest(unittest.TestCase):
    def test_each_way_asks_a_function_that_suits_it(self):
        dice = random.Random(1)
        for _ in range(2_000):
            way = ways.draw_way(dice)
            name = ways.draw_function(dice, way).name
            self.assertTrue(way not in ways.OF_UPLOADS or name in mix.WITH_BODY, (way, name))
            self.assertTrue(way not in ways.OF_LARGE_ANSWERS or name == "big", (way, name))
            self.assertTrue(way != "aborts in its head" or name == "upload", (way, name))


class ClientsTest(unittest.IsolatedAsyncioTestCase):
    """The outcome that is noted of an exchange."""

    async def noted(self, exchange, expected=b""):
        async def run():
            if isinstance(exchange, Exception):
                raise exchange
            return exchange

        clients, request = Clients(random.Random(1)), Request("r1", "run", 0)
        clients.note(request)
        await clients.account(request, run(), expected)
        return request.outcome, request.problem, request.right

    async def test_answers(self):
        self.assertEqual(("200", None, True), await self.noted((200, b"a"), b"a"))
        self.assertEqual(("200", None, False), await self.noted((200, b"b"), b"a"))
        self.assertEqual(("503", "overloaded", False), await self.noted((503, b'{"type":"urn:relais:problem:overloaded"}')))
        self.assertEqual(("broken", None, False), await self.noted((503, b"{no json")))

    async def test_failures(self):
        for failure, outcome in ((Aborted(), "aborted"), (Cut(True), "cut"), (Cut(False), "unanswered"), (Cut(False, "gone: GOAWAY"), "gone: GOAWAY"),
                                 (ConnectionResetError(), "reset"), (ConnectionRefusedError(), "refused"), (TimeoutError(), "timeout"),
                                 (Broken(), "broken")):
            self.assertEqual((outcome, None, False), await self.noted(failure))


if __name__ == "__main__":
    unittest.main()
