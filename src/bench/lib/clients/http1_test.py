"""The reader gives the same answers however their bytes are cut, and refuses what is no answer."""

import random
import unittest

from clients.http1 import Broken, Cut, Reader, answers, head

LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"
CHUNKED = b"HTTP/1.1 404 Not Found\r\nTransfer-Encoding: Chunked\r\nConnection: close\r\n\r\n2;x=y\r\nab\r\n1\r\nc\r\n0\r\nX-Trailer: 1\r\n\r\n"
EMPTY = b"HTTP/1.1 204 No Content\r\n\r\n"
INTERIM = b"HTTP/1.1 100 Continue\r\n\r\n"
TO_THE_END = b"HTTP/1.1 200 OK\r\n\r\nabc"


def read(pieces, most=None):
    reader, found = Reader(most), []
    for piece in pieces:
        found += reader.feed(piece)
    return [(answer.status, bytes(answer.body), answer.keeps) for answer in found], reader


class ReaderTest(unittest.TestCase):
    ALL = INTERIM + LENGTH + EMPTY + CHUNKED
    WANTED = [(200, b"abc", True), (204, b"", True), (404, b"abc", False)]

    def test_whole(self):
        self.assertEqual(self.WANTED, read([self.ALL])[0])

    def test_byte_by_byte(self):
        self.assertEqual(self.WANTED, read([bytes([byte]) for byte in self.ALL])[0])

    def test_random_pieces(self):
        dice = random.Random(1)
        for _ in range(200):
            cuts = sorted(dice.sample(range(len(self.ALL)), 6))
            pieces = [self.ALL[a:b] for a, b in zip([0, *cuts], [*cuts, len(self.ALL)])]
            self.assertEqual(self.WANTED, read(pieces)[0], cuts)

    def test_without_a_length_the_end_of_the_connection_ends_the_answer(self):
        found, reader = read([TO_THE_END])
        self.assertEqual([], found)
        answer = reader.end()
        self.assertEqual((200, b"abc", False), (answer.status, bytes(answer.body), answer.keeps))

    def test_cut_anywhere(self):
        for whole in (LENGTH, CHUNKED):
            for size in range(1, len(whole)):
                with self.assertRaises(Cut) as cut:
                    read([whole[:size]])[1].end()
                self.assertTrue(cut.exception.begun, whole[:size])

    def test_an_end_before_or_behind_an_answer_cuts_nothing(self):
        for data in (b"", LENGTH, INTERIM):
            with self.assertRaises(Cut) as cut:
                read([data])[1].end()
            self.assertFalse(cut.exception.begun, data)

    def test_of_a_body_as_much_is_kept_as_wanted_and_all_is_counted(self):
        reader = Reader(most=2)
        (answer,) = reader.feed(CHUNKED)
        self.assertEqual((b"ab", 3), (bytes(answer.body), answer.length))

    def test_nonsense(self):
        for data in (b"nonsense\r\n\r\n", b"HTTP/2 200\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", LENGTH.replace(b"3", b"+3"), LENGTH.replace(b"3", b"0x3"),
                     CHUNKED.replace(b"2;x=y", b"zz"), CHUNKED.replace(b"ab\r\n", b"abc\r\n"), b"x" * 300_000):
            with self.assertRaises(Broken, msg=data[:80]):
                Reader().feed(data)


class AnswersTest(unittest.TestCase):
    def test_the_last_one_as_far_as_it_has_come(self):
        self.assertEqual([b"abc", b"ab"], [bytes(answer.body) for answer in answers(LENGTH + LENGTH[:-1])])

    def test_none_stands_for_what_is_no_answer(self):
        self.assertEqual([None], answers(b"nonsense\r\n\r\n"))
        self.assertEqual([None], answers(b"HTTP/1.1 20"))
        self.assertIsNone(answers(LENGTH + b"nonsense\r\n\r\n")[-1])
        self.assertEqual([], answers(b""))


class HeadTest(unittest.TestCase):
    def test_lines_as_they_are(self):
        self.assertEqual(b"POST /a HTTP/1.1\r\nHost: localhost\r\nX: \xe4\r\n\r\n", head("/a", "X: \xe4", method="POST"))
        self.assertEqual(b"GET * HTTP/1.0\r\n\r\n", head("*", version="HTTP/1.0", host=""))


if __name__ == "__main__":
    unittest.main()
