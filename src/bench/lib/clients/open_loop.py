"""An open-loop client: it sends each request when it is due, whether or not those before were answered."""

import asyncio
import collections
import threading
import time

from clients import http1
from clients.connection import Kept
from clients.http1 import Broken, Cut
from clients.latencies import percentile

LEAD = 0.01  # seconds until the first request


class OpenLoop:
    """So many GETs a second at even distances. A latency counts from the instant at which the request was to be sent, so that a
    server that keeps the client waiting cannot hide it (no coordinated omission). Connections are kept and as many as it takes.

    A thread of its own keeps the time: the event loop's timers are a millisecond late at times, as epoll counts in those."""

    def __init__(self, port, path, rate, seconds, timeout=30):
        self.path, self.rate, self.seconds, self.timeout = path, rate, seconds, timeout
        self.millis = []  # of complete answers with status 200
        self.failures = collections.Counter()
        self.kept = Kept(port)

    async def run(self):
        loop, requests, over = asyncio.get_running_loop(), set(), asyncio.Event()

        def send(due):
            requests.add(task := asyncio.create_task(self.request(due)))
            task.add_done_callback(requests.discard)

        def keep_time():
            begin = time.monotonic() + LEAD
            for offset in self.offsets():
                due = begin + offset
                time.sleep(max(0.0, due - time.monotonic()))
                loop.call_soon_threadsafe(send, due)
            loop.call_soon_threadsafe(over.set)

        threading.Thread(target=keep_time, daemon=True).start()
        await over.wait()
        while requests:
            await asyncio.wait(set(requests))
        self.kept.close()
        return self

    def offsets(self):
        """Seconds after the begin at which a request is due, in order."""
        return (number / self.rate for number in range(int(self.rate * self.seconds)))

    async def request(self, due):
        status, body, keep, connection = "broken off", b"", False, None
        try:
            async with asyncio.timeout_at(asyncio.get_running_loop().time() + self.timeout):
                connection = await self.kept.take()
                connection.write(http1.head(self.path))
                answer = await connection.answer()
                status, body, keep = str(answer.status), bytes(answer.body), answer.keeps
        except TimeoutError:
            status = "timeout"
        except (OSError, Cut, Broken):
            pass
        self.ended(due, (time.monotonic() - due) * 1000, status, body)
        if connection:
            self.kept.give_back(connection, keep)

    def ended(self, due, millis, status, body):
        if status == "200":
            self.millis.append(millis)
        else:
            self.failures[status] += 1

    def at(self, part):
        """The latency in ms that this part of the answers does not exceed."""
        return percentile(self.millis, part)
