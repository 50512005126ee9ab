"""An open-loop client: it sends when it is time, whatever has become of the requests before."""

import asyncio
import collections
import threading
import time

import load


class OpenLoop:
    """So many GETs a second at even distances. A latency counts from the instant at which the request was to be sent, so that a
    server that keeps the client waiting cannot hide it (no coordinated omission). Connections are kept and as many as it takes.

    A thread of its own keeps the time: the event loop's timers are a millisecond late at times, as epoll counts in those."""

    def __init__(self, port, path, rate, seconds, timeout=30):
        self.port, self.path, self.rate, self.seconds, self.timeout = port, path, rate, seconds, timeout
        self.millis = []  # of complete answers with status 200
        self.failures = collections.Counter()
        self.idle = []  # kept connections

    async def run(self):
        loop, requests, over = asyncio.get_running_loop(), set(), asyncio.Event()

        def send(due):
            requests.add(task := asyncio.create_task(self.request(due)))
            task.add_done_callback(requests.discard)

        def keep_time():
            begin = time.monotonic() + 0.01
            for offset in self.offsets():
                due = begin + offset
                time.sleep(max(0.0, due - time.monotonic()))
                loop.call_soon_threadsafe(send, due)
            loop.call_soon_threadsafe(over.set)

        threading.Thread(target=keep_time, daemon=True).start()
        await over.wait()
        while requests:
            await asyncio.wait(set(requests))
        for _, writer in self.idle:
            writer.close()
        return self

    def offsets(self):
        """Seconds after the begin at which a request is due, in order."""
        return (number / self.rate for number in range(int(self.rate * self.seconds)))

    async def request(self, due):
        status, body, keep, writer = "broken off", b"", False, None
        try:
            async with asyncio.timeout_at(asyncio.get_running_loop().time() + self.timeout):
                reader, writer = self.idle.pop() if self.idle else await asyncio.open_connection("127.0.0.1", self.port)
                writer.write(b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n" % self.path.encode())
                status, body, keep = await load.answer(reader)
        except TimeoutError:
            status = "timeout"
        except (OSError, asyncio.IncompleteReadError, load.Broken):
            pass
        self.ended(due, (time.monotonic() - due) * 1000, status, body)
        if keep:
            self.idle.append((reader, writer))
        elif writer:
            writer.close()

    def ended(self, due, millis, status, body):
        if status == "200":
            self.millis.append(millis)
        else:
            self.failures[status] += 1

    def at(self, part):
        """The latency in ms below which this part of the answers is."""
        return load.percentile(self.millis, part)


class Flood:
    """Clients that each ask again as soon as they have their answer. One that is refused waits a second first, whatever the
    server and whatever its Retry-After: refusing must not be punished with more load than answering."""

    def __init__(self, port, path, connections):
        self.port, self.path, self.connections = port, path, connections
        self.outcomes = collections.Counter()

    async def __aenter__(self):
        self.tasks = [asyncio.create_task(self.client()) for _ in range(self.connections)]
        return self

    async def __aexit__(self, *_):
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def client(self):
        while True:
            writer = None
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                keep = True
                while keep:
                    writer.write(b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n" % self.path.encode())
                    status, _, keep = await load.answer(reader)
                    self.outcomes[status] += 1
                    if status != "200":
                        await asyncio.sleep(1)
            except (OSError, asyncio.IncompleteReadError, load.Broken):
                self.outcomes["broken off"] += 1
                await asyncio.sleep(1)
            finally:
                if writer:
                    writer.close()
