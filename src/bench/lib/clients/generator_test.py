"""The load generator in C: its own tests, and what it says of servers whose behaviour is known."""

import contextlib
import pathlib
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import types
import unittest

from clients.generator import Generator, compiled

GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
LAST = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"


@contextlib.contextmanager
def serving(answer):
    """A server with a thread for each connection. `answer(number)`: the bytes for the request of that number of a connection, None closes."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        def serve(connection):
            number = 0
            with connection, contextlib.suppress(OSError):
                while connection.recv(65536):
                    found = answer(number)
                    if found is None:
                        return
                    connection.sendall(found)
                    number += 1
                    if b"Connection: close" in found:
                        return

        def accept():
            with contextlib.suppress(OSError):
                while True:
                    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield types.SimpleNamespace(client=lambda: ["--port", listener.getsockname()[1]])
        listener.shutdown(socket.SHUT_RDWR)


@unittest.skipUnless(shutil.which("gcc"), "no gcc")
class GeneratorTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory()
        cls.generator = Generator(pathlib.Path(cls.directory.name))

    @classmethod
    def tearDownClass(cls):
        cls.directory.cleanup()

    def run_against(self, answer, connections=2, seconds=0.3, **options):
        with serving(answer) as server:
            return self.generator.run(server, "/", connections, seconds, **options)

    def test_its_own_tests(self):
        program = compiled(pathlib.Path(self.directory.name), "selftest", ("selftest.c", "answer.c"))
        run = subprocess.run([program], capture_output=True, text=True)
        self.assertEqual((0, ""), (run.returncode, run.stderr))

    def test_answers_are_counted_by_status(self):
        seen = self.run_against(lambda number: BUSY if number % 2 else GOOD)
        self.assertEqual({"200", "503"}, set(seen["statuses"]))
        self.assertEqual((seen["statuses"]["200"], seen["statuses"]["503"]), (seen["requests"], seen["not_ok"]))
        self.assertEqual((0, 0, 0), (seen["read_errors"], seen["connect_errors"], seen["timeouts"]))

    def test_an_open_loop_sends_what_is_due_and_no_more(self):
        seen = self.run_against(lambda number: GOOD, rate=100, seconds=0.5)
        self.assertEqual((50, 0), (seen["requests"], seen["timeouts"]))

    def test_a_latency_counts_from_when_the_request_was_due(self):
        def stalls(number):
            if number == 0:
                time.sleep(0.4)
            return GOOD

        seen = self.run_against(stalls, connections=1, rate=100, seconds=0.5)
        self.assertEqual(50, seen["requests"])
        self.assertGreater(seen["p50"], 100_000)  # those that were due during the stall waited for it, too
        self.assertGreaterEqual(seen["waited"], 35)
        self.assertGreater(seen["slow"], 0.5)

    def test_what_gets_no_answer_is_no_fast_answer(self):
        forever = threading.Event()
        seen = self.run_against(lambda number: forever.wait(5) and None, connections=1, rate=20, seconds=0.2, patience=0.3)
        self.assertEqual((0, 4), (seen["requests"], seen["timeouts"]))
        self.assertGreaterEqual(seen["p50"], 250_000)
        forever.set()

    def test_a_connection_that_the_server_ends_with_an_answer_is_no_error(self):
        for options in ({}, {"rate": 50}):
            seen = self.run_against(lambda number: LAST, **options)
            self.assertGreater(seen["requests"], 5)
            self.assertEqual((0, 0), (seen["read_errors"], seen["not_ok"]))

    def test_a_connection_that_ends_instead_of_an_answer_is_one(self):
        seen = self.run_against(lambda number: None if number else GOOD)
        self.assertGreater(seen["read_errors"], 0)
        self.assertGreater(seen["requests"], 0)

    def test_a_connection_for_each_request(self):
        seen = self.run_against(lambda number: LAST if number == 0 else BUSY, close=True)
        self.assertGreater(seen["requests"], 5)
        self.assertEqual(0, seen["not_ok"])

    def test_slices_add_up_to_all_answers(self):
        seen = self.run_against(lambda number: GOOD, seconds=0.5, slice=100)
        self.assertEqual(seen["requests"], sum(seen["slices"]))
        self.assertIn(len(seen["slices"]), (5, 6))


if __name__ == "__main__":
    unittest.main()
