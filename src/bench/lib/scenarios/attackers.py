"""The clients of src/bench/attacks: processes that open connections and attack on each of them."""

import asyncio
import contextlib
import multiprocessing
import socket
import ssl
import struct

from scenarios.attack_cases import ATTACKS
from scenarios.attack_cases.attack import Peer

PROCESSES = 3  # one alone is slower than what it attacks
AT_ONCE = 100  # connections that one process opens at a time
OPENED_WITHIN = 20  # seconds
AGAIN = 1  # seconds until a connection that was refused or closed is opened again
LEAST = 0.01  # seconds
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: the kernel sends nothing more when the socket is closed


class Attacker:
    """One process."""

    def __init__(self, attack, port, connections, seconds):
        self.attack, self.port, self.connections = attack, port, connections
        self.context = trusting() if attack.tls else None
        self.until = asyncio.get_running_loop().time() + seconds
        self.connecting = asyncio.Semaphore(AT_ONCE)
        self.opened = self.open = self.most = 0

    @property
    def left(self):
        """Seconds until its time is over."""
        return self.until - asyncio.get_running_loop().time()

    async def assail(self):
        await asyncio.gather(*(self.one_after_the_other() for _ in range(self.connections)))
        await asyncio.sleep(0)  # what was aborted is closed in the loop's next round
        return self.opened, self.most

    async def one_after_the_other(self):
        while self.left > 0:
            try:
                async with self.connecting:
                    opening = asyncio.get_running_loop().create_connection(
                        lambda: Peer(self.attack.reads), "127.0.0.1", self.port, ssl=self.context)
                    transport, peer = await asyncio.wait_for(opening, max(LEAST, min(self.left, OPENED_WITHIN)))
            except (OSError, asyncio.TimeoutError):
                await asyncio.sleep(AGAIN)
                continue
            await self.attack_on(transport, peer)

    async def attack_on(self, transport, peer):
        self.opened += 1
        self.open += 1
        self.most = max(self.most, self.open)
        with contextlib.suppress(OSError):  # refused and closed already
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        try:
            await asyncio.wait_for(self.attack.act(peer), max(LEAST, self.left))
            await asyncio.wait_for(peer.gone, max(LEAST, self.left))
            self.open -= 1
            await asyncio.sleep(AGAIN)
        except asyncio.TimeoutError:
            pass
        finally:
            if not transport.is_closing():
                transport.abort()


def trusting():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


async def attacking(name, port, connections, seconds):
    (attack,) = (attack for attack in ATTACKS if attack.name == name)
    return await Attacker(attack, port, connections, seconds).assail()


def work(name, port, connections, seconds, told):
    """A process, which is told the attack by its name."""
    counts = 0, 0
    try:
        counts = asyncio.run(attacking(name, port, connections, seconds))
    finally:
        told.put(counts)


def assail(attack, port, seconds):
    """How many connections were opened in all, and at the most at once (of each process)."""
    context = multiprocessing.get_context("spawn")
    told = context.SimpleQueue()
    shares = [len(range(number, attack.connections, PROCESSES)) for number in range(PROCESSES)]
    workers = [context.Process(target=work, args=(attack.name, port, share, seconds, told)) for share in shares]
    for worker in workers:
        worker.start()
    counts = [told.get() for _ in workers]
    for worker in workers:
        worker.join()
    return tuple(map(sum, zip(*counts)))
