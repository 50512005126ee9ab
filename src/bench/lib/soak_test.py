import asyncio
import collections
import fcntl
import os
import pathlib
import socket
import tempfile
import unittest

import http2
import soak
import wire


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
        self.assertEqual(3, soak.clean(self.run_directory, -1)["old files removed"])
        self.assertEqual(["below"], [entry.name for entry in self.private.iterdir()])

    def test_new_ones_stay(self):
        self.assertEqual(collections.Counter(), soak.clean(self.run_directory, 60))

    def test_nothing_of_a_locked_folder_goes(self):
        descriptor = os.open(self.private, os.O_RDONLY)
        self.addCleanup(os.close, descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        self.assertEqual({"folders left, as they are locked": 1}, soak.clean(self.run_directory, -1))


class AddedTest(unittest.TestCase):
    def test_numbers_of_a_sentence_are_added(self):
        self.assertEqual("1,203 requests, 7 of them poison", soak.added(["1,200 requests, 5 of them poison", "3 requests, 2 of them poison"]))


class WithLogTest(unittest.TestCase):
    def test_a_fault_has_the_lines_of_its_request_and_no_others(self):
        with tempfile.TemporaryDirectory() as folder:
            log = pathlib.Path(folder) / "java.log"
            log.write_text("WARN Request is run again: target=/api/chaos/again?id=s12&ms=3 child=7\nWARN target=/api/chaos/run?id=s1&ms=3\n"
                           "ERROR master 5 ended\n")
            found = soak.with_log(["s12 again: started 2 times", "s2 run: no outcome"], log)
        self.assertEqual(["s12 again: started 2 times; log: WARN Request is run again: target=/api/chaos/again?id=s12&ms=3 child=7",
                          "s2 run: no outcome"], found)


class KeptTest(unittest.TestCase):
    START = {"heap": 20 << 20, "direct": 1 << 20, "threads": 40, "descriptors": collections.Counter(file=30, socket=20), "spool": 0,
             "slots": 16}

    def faulty(self, **end):
        return [v.question[1] for v in soak.kept(self.START, self.START | end) if v.faults]

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


class Http2Test(unittest.IsolatedAsyncioTestCase):
    """A scripted server: these frames after the first HEADERS."""

    async def ask(self, *frames):
        async def serve(reader, writer):
            await reader.readexactly(len(wire.PREFACE))
            while (head := await reader.readexactly(9))[3] != wire.HEADERS:
                await reader.readexactly(int.from_bytes(head[:3], "big"))
            writer.write(b"".join(frames))
            await writer.drain()
            await reader.read()
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        connection = await http2.Connection.open(server.sockets[0].getsockname()[1])
        try:
            return await asyncio.wait_for(connection.answer(connection.start("GET", "/")), 10)
        finally:
            connection.close()
            server.close()

    STATUS = wire.frame(wire.HEADERS, 4, 1, b"\x88")

    async def test_an_answer_is_whole_with_its_last_frame(self):
        self.assertEqual(("200", b"abcd"), await self.ask(
            wire.frame(wire.SETTINGS, 0, 0), self.STATUS, wire.frame(wire.DATA, 0, 1, b"ab"), wire.frame(wire.DATA, 9, 1, b"\2cd\0\0")))

    async def test_a_reset_in_the_middle_is_no_answer(self):
        with self.assertRaises(http2.Gone) as gone:
            await self.ask(self.STATUS, wire.frame(wire.DATA, 0, 1, b"ab"), wire.frame(wire.RST_STREAM, 0, 1, b"\0\0\0\2"))
        self.assertTrue(gone.exception.begun)

    async def test_a_goaway_ends_streams_that_it_does_not_count(self):
        with self.assertRaises(http2.Gone) as gone:
            await self.ask(wire.frame(wire.GOAWAY, 0, 0, bytes(8)))
        self.assertFalse(gone.exception.begun)


if __name__ == "__main__":
    unittest.main()
