"""Viewers of a stream that a small server gives."""

import socket
import threading
import time
import unittest

from clients.viewers import STREAM, Viewers

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
WITHIN = 10  # seconds
PAUSE = 0.05  # seconds, so that the pieces are read one after the other


class Stream:
    """Gives each viewer two messages, the second in two pieces, and ends the first viewer."""

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port, self.asked, self.viewers = self.listener.getsockname()[1], [], []
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()
        for viewer in self.viewers:
            viewer.close()

    def serve(self):
        while True:
            try:
                viewer, _ = self.listener.accept()
            except OSError:
                return
            self.asked.append(viewer.recv(1000).split(b"\r\n")[0].decode())
            viewer.sendall(HEAD + b"event: all\ndata: {}\n\n" + b"eve")
            time.sleep(PAUSE)
            viewer.sendall(b"nt: now\ndata: {}\n\n")
            if self.viewers:
                self.viewers.append(viewer)
            else:
                self.viewers.append(viewer)
                viewer.shutdown(socket.SHUT_RDWR)


class ViewersTest(unittest.TestCase):
    def test_all_read_what_comes_and_those_that_are_ended_are_counted(self):
        with Stream() as stream, Viewers(stream.port, 3) as viewers:
            deadline = time.monotonic() + WITHIN
            while (viewers.messages < 6 or viewers.lost < 1) and time.monotonic() < deadline:
                time.sleep(0.01)
        self.assertEqual([f"GET {STREAM} HTTP/1.1"] * 3, stream.asked)
        self.assertEqual((6, 1), (viewers.messages, viewers.lost))
        self.assertGreater(viewers.bytes, 3 * len(HEAD))


if __name__ == "__main__":
    unittest.main()
