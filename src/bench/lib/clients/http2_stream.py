"""A stream of HTTP/2 as its client sees it."""

import asyncio


class Stream:
    """One request and its answer."""

    def __init__(self, number, window):
        self.number, self.window = number, window
        self.status, self.body, self.ended, self.why = None, bytearray(), False, None
        self.unread = 0  # bytes that came and whose window was not given back
        self.changed = asyncio.Event()

    async def head(self):
        """Waits for the head of the answer, or the stream's end."""
        while self.status is None and not self.ended:
            self.changed.clear()
            await self.changed.wait()
