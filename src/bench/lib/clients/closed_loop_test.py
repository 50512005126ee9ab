"""That the client tells the outcomes of requests apart."""

import asyncio
import unittest

from clients.closed_loop import Load

FULL = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n"


async def outcomes(answer, read=True, check=None, each=2, requests=6):
    """What two clients make of a server that writes `answer` to each request and closes after `each` of them."""

    async def serve(reader, writer):
        for _ in range(each):
            if not (await reader.read(1000)):
                break
            writer.write(answer)
        writer.close()

    def request():
        clients.stopping = clients.sent + 1 >= requests
        return "/", check

    server = await (asyncio.start_server(serve, "127.0.0.1", 0) if read else unread_server())
    clients = Load(server.sockets[0].getsockname()[1], 2, request, timeout=1)
    async with clients:
        await asyncio.wait(clients.tasks, timeout=10)
    server.close()
    assert sum(clients.outcomes.values()) == clients.sent
    return set(clients.outcomes)


async def unread_server():
    class Deaf(asyncio.Protocol):
        def connection_made(self, transport):
            transport.pause_reading()
            asyncio.get_running_loop().call_later(0.02, transport.close)

    return await asyncio.get_running_loop().create_server(Deaf, "127.0.0.1", 0)


class LoadTest(unittest.IsolatedAsyncioTestCase):
    async def test_complete_answers(self):
        self.assertEqual({"200"}, await outcomes(FULL))
        self.assertEqual({"200"}, await outcomes(CHUNKED))

    async def test_wrong_answer_is_what_the_check_calls_it(self):
        self.assertEqual({"mixed"}, await outcomes(FULL, check=lambda body: None if body == b"no" else "mixed"))

    async def test_other_status(self):
        self.assertEqual({"502"}, await outcomes(FULL.replace(b"200 OK", b"502 Bad Gateway")))

    async def test_cut_head_body_and_chunks(self):
        for cut in (FULL[:20], FULL[:-1], CHUNKED[:-1], CHUNKED[:-9]):
            self.assertLessEqual({"cut"}, await outcomes(cut, each=1), cut)

    async def test_read_request_without_an_answer(self):
        self.assertEqual({"unanswered"}, await outcomes(b"", each=1))

    async def test_unread_request(self):
        self.assertEqual({"reset"}, await outcomes(b"", read=False))

    async def test_nonsense(self):
        self.assertEqual({"broken"}, await outcomes(b"nonsense\r\n\r\n"))


if __name__ == "__main__":
    unittest.main()
