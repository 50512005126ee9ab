"""Frames and header blocks are read as they are written, and the client distinguishes a whole answer from a broken one."""

import asyncio
import unittest

from clients import frames, hpack
from clients.frames import frame
from clients.http1 import Cut
from clients.http2 import Connection

STATUS = frame(frames.HEADERS, frames.END_HEADERS, 1, b"\x88")


class FramesTest(unittest.TestCase):
    def test_byte_by_byte(self):
        sent = frames.settings((frames.PUSH, 0)) + STATUS + frame(frames.DATA, frames.END_STREAM, 3, b"ab")
        reader = frames.FrameReader()
        found = [came for byte in sent for came in reader.feed(bytes([byte]))]
        self.assertEqual(frames.FrameReader().feed(sent), found)
        self.assertEqual([(frames.SETTINGS, 0), (frames.HEADERS, 1), (frames.DATA, 3)], [(came.kind, came.stream) for came in found])

    def test_content_is_without_padding_and_priority(self):
        both = frames.Frame(frames.HEADERS, frames.PADDED | frames.PRIORITY, 1, b"\2" + b"prior" + b"block" + b"\0\0")
        self.assertEqual(b"block", both.content)

    def test_errors_have_names(self):
        (goaway, reset) = frames.FrameReader().feed(frame(frames.GOAWAY, 0, 0, b"\0\0\0\1\0\0\0\x0b") + frames.reset(1))
        self.assertEqual(("ENHANCE_YOUR_CALM", "CANCEL"), (goaway.error, reset.error))


class HpackTest(unittest.TestCase):
    def test_status(self):
        for block, status in ((b"\x88", 200), (b"\x8e", 500), (b"\x08\x03429", 429), (b"\x48\x82\x64\x02", 302), (b"\x20\x3f\x81\x01\x88", 200), (b"\xbe", 0)):
            self.assertEqual(status, hpack.status(block), block)

    def test_lengths(self):
        for length in (0, 126, 127, 254, 255, 30_000):
            block = hpack.block(("a", "b" * length))
            self.assertEqual(b"\0\1a", block[:3])
            self.assertTrue(block.endswith(b"b" * length))
        self.assertEqual(b"\x7f\x80\x01", hpack.integer(255))


class ConnectionTest(unittest.IsolatedAsyncioTestCase):
    """A scripted server: these frames after the first HEADERS."""

    async def ask(self, *sent):
        async def serve(reader, writer):
            await reader.readexactly(len(frames.PREFACE))
            came = frames.FrameReader()
            while not any(one.kind == frames.HEADERS for one in came.feed(await reader.read(1000))):
                pass
            writer.write(b"".join(sent))
            await writer.drain()
            await reader.read()
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        connection = await Connection.open(server.sockets[0].getsockname()[1])
        try:
            return await asyncio.wait_for(connection.answer(connection.start("GET", "/")), 10)
        finally:
            connection.close()
            server.close()

    async def test_an_answer_is_whole_with_its_last_frame(self):
        self.assertEqual((200, b"abcd"), await self.ask(
            frames.settings(), STATUS, frame(frames.DATA, 0, 1, b"ab"),
            frame(frames.DATA, frames.PADDED | frames.END_STREAM, 1, b"\2cd\0\0")))

    async def test_a_head_may_come_in_two_frames(self):
        self.assertEqual((429, b""), await self.ask(
            frame(frames.HEADERS, frames.END_STREAM, 1, b"\x08\x03"), frame(frames.CONTINUATION, frames.END_HEADERS, 1, b"429")))

    async def test_a_reset_in_the_middle_is_no_answer(self):
        with self.assertRaises(Cut) as cut:
            await self.ask(STATUS, frame(frames.DATA, 0, 1, b"ab"), frames.reset(1, 2))
        self.assertTrue(cut.exception.begun)

    async def test_a_goaway_ends_streams_that_it_does_not_count(self):
        with self.assertRaises(Cut) as cut:
            await self.ask(frame(frames.GOAWAY, 0, 0, bytes(8)))
        self.assertFalse(cut.exception.begun)
        self.assertEqual("gone: GOAWAY NO_ERROR", str(cut.exception))


if __name__ == "__main__":
    unittest.main()
