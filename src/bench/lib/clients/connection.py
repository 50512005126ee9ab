"""HTTP/1.1 connections of asyncio clients, and those that are kept for their next request."""

import asyncio
import socket
import time

from clients import http1
from clients.http1 import Broken, Cut

TCP_CLOSE = 7  # linux/tcp_states.h: the state of a socket that was reset
PIECE = 65_536  # bytes that are read at a time
RESET_SHOWS = 0.05  # seconds until the reset that follows an end of file has come, too
IDLE_SECONDS = 20  # after that a connection is not used again: the gateway's own limit for idle ones must not hit a request


class Connection:
    """One connection; at most one request is on it at a time."""

    @classmethod
    async def open(cls, port, receive_buffer=None):
        """Raises ConnectionRefusedError, whatever the reason, when there is no connection.

        `receive_buffer`: bytes that may wait for a client that reads slowly; None: the usual ones."""
        sock = socket.socket()
        try:
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if receive_buffer:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
            try:
                await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", port))
            except OSError as failure:
                raise ConnectionRefusedError(f"no connection: {failure}") from failure
            return cls(sock, *await asyncio.open_connection(sock=sock, limit=receive_buffer or PIECE))
        except BaseException:
            sock.close()
            raise

    def __init__(self, sock, reader, writer):
        self.socket, self.reader, self.writer = sock, reader, writer
        self.write, self.drain = writer.write, writer.drain

    @property
    def ended(self):
        """Whether the server has closed the connection, so that what is sent now would not be read."""
        try:
            return self.socket.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    async def answer(self, most=None, piece=PIECE, pause=None):
        """The answer to the one request that was sent, when it is complete; raises Cut, Broken or ConnectionError.

        `most` bytes of its body are kept. A slow client reads `piece` bytes at a time and then waits `pause(bytes)` seconds."""
        reader = http1.Reader(most)
        try:
            while data := await self.reader.read(piece):
                if found := reader.feed(data):
                    if reader.begun or len(found) > 1:
                        raise Broken("bytes behind the only answer")
                    return found[0]
                if pause:
                    await asyncio.sleep(pause(len(data)))
        except ConnectionError:
            if reader.begun:
                raise Cut(True) from None
            raise
        if not reader.begun and not await self.was_read():
            raise ConnectionResetError("closed with the request unread")
        return reader.end()

    async def was_read(self):
        """Of a connection that has ended without an answer: whether the server read the request. Linux sends RST for an unread one."""
        await asyncio.sleep(RESET_SHOWS)
        return self.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] != TCP_CLOSE

    async def head(self):
        """Waits for the head of an answer, and leaves the rest where it is."""
        await self.reader.readuntil(b"\r\n\r\n")

    def close(self):
        self.writer.close()

    def abort(self):
        """Closes the connection without sending what is left."""
        self.writer.transport.abort()


class Kept:
    """Connections to one port that wait for their next request; the one that was used last is the next."""

    def __init__(self, port):
        self.port, self.idle = port, []

    async def take(self):
        """A kept connection, else a new one."""
        while self.idle:
            connection, since = self.idle.pop()
            if time.monotonic() - since < IDLE_SECONDS and not connection.ended:
                return connection
            connection.close()
        return await Connection.open(self.port)

    def give_back(self, connection, keep):
        """Keeps a connection whose answer has come, or closes it at once."""
        if keep:
            self.idle.append((connection, time.monotonic()))
        else:
            connection.abort()

    def close(self):
        for connection, _ in self.idle:
            connection.close()
        self.idle.clear()
