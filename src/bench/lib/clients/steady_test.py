import socket
import threading
import time
import unittest

from clients.steady import Steady

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CLOSING = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"
REFUSED = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
LOAD = dict(clients=2, per_second=400)


class Scripted:
    """Answers each request with what `answer(number)` gives; None closes the connection without an answer."""

    def __init__(self, answer):
        self.answer, self.count, self.lock = answer, 0, threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection:
            while connection.recv(65536):
                with self.lock:
                    self.count += 1
                    answer = self.answer(self.count)
                if answer is None:
                    return
                connection.sendall(answer)
                if answer is CLOSING:
                    return

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()


def load(answer, enough=40):
    with Scripted(answer) as server, Steady("127.0.0.1", server.port, "/", **LOAD) as clients:
        deadline = time.monotonic() + 20
        while clients.asked < enough and time.monotonic() < deadline:
            time.sleep(0.01)
    return clients


class SteadyTest(unittest.TestCase):
    def test_nothing_has_failed_when_all_is_answered(self):
        clients = load(lambda number: OK)
        self.assertGreaterEqual(clients.asked, 40)
        self.assertEqual([], clients.failed)

    def test_a_server_that_announces_the_end_of_a_connection_has_not_failed(self):
        self.assertEqual([], load(lambda number: CLOSING).failed)

    def test_a_refusal_is_noted_once(self):
        clients = load(lambda number: REFUSED if number == 20 else OK)
        self.assertEqual(1, len(clients.failed), clients.failed)
        self.assertIn("503", clients.failed[0])

    def test_a_connection_that_ends_without_an_answer_is_noted_and_nothing_is_sent_again(self):
        clients = load(lambda number: None if number in (10, 11) else OK)
        self.assertEqual(2, len(clients.failed), clients.failed)

    def test_a_server_that_is_not_there_is_noted_each_time(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        with Steady("127.0.0.1", port, "/", **LOAD) as clients:
            while clients.asked < 4:
                time.sleep(0.01)
        self.assertEqual(clients.asked, len(clients.failed))


if __name__ == "__main__":
    unittest.main()
