"""What an anonymous client can do to the memory of a gateway with -Xmx256m: see src/bench/README.md."""

import argparse
import asyncio
import contextlib
import multiprocessing
import os
import pathlib
import re
import resource
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time

import bigbody
import report
import servers
from attacks_cases import ATTACKS, Peer

MIB = 1 << 20
CLIENTS = 3  # processes: one alone is slower than what it attacks
ANSWER_WITHIN = 2  # seconds, after an attack
ANSWER_AWAITED = 20  # seconds, so that the report says how late it was
BACK_WITHIN = 15  # seconds, until what it has taken is given back
MORE_HEAP = 40 * MIB  # that may be in use after a collection beyond what was before


class Memory(bigbody.Memory):
    """With what the gateway itself counts."""

    def look(self):
        seen = super().look()
        metrics = servers.get(self.server.management, "/q/metrics", timeout=20)[1].decode()
        seen["open"] = sum(float(v) for v in re.findall(r"^relais_http_connections (\S+)$", metrics, re.M)) * MIB
        seen["counted"] = sum(float(v) for v in re.findall(r"^relais_memory_bytes\{[^}]*\} (\S+)$", metrics, re.M))
        return seen


def collected(server):
    """The memory after a garbage collection, which jcmd asks for."""
    jcmd = pathlib.Path(server.args.java).with_name("jcmd") if "/" in server.args.java else "jcmd"
    subprocess.run([str(jcmd), str(server.gateway.pid), "GC.run"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return Memory(server).look()


class Client:
    """One process that attacks."""

    def __init__(self, attack, port, connections, seconds):
        self.attack, self.port, self.connections = attack, port, connections
        self.context = trusting() if attack.tls else None
        self.until = asyncio.get_running_loop().time() + seconds
        self.connecting = asyncio.Semaphore(100)
        self.opened = self.open = self.most = 0

    async def assail(self):
        await asyncio.gather(*(self.one() for _ in range(self.connections)))
        await asyncio.sleep(0)  # what was aborted is closed in the loop's next round
        return self.opened, self.most

    async def one(self):
        """One connection after the other."""
        loop = asyncio.get_running_loop()
        while (left := self.until - loop.time()) > 0:
            try:
                async with self.connecting:
                    transport, peer = await asyncio.wait_for(
                        loop.create_connection(lambda: Peer(self.attack.reads), "127.0.0.1", self.port, ssl=self.context), min(left, 20))
            except (OSError, asyncio.TimeoutError):
                await asyncio.sleep(1)
                continue
            self.opened += 1
            self.open += 1
            self.most = max(self.most, self.open)
            # He vanishes in the end: the kernel must not go on to send what he has not.
            with contextlib.suppress(OSError):  # refused and closed already
                transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            try:
                await asyncio.wait_for(self.attack.act(peer), max(0.01, self.until - loop.time()))
                await asyncio.wait_for(peer.gone, max(0.01, self.until - loop.time()))
                self.open -= 1
                await asyncio.sleep(1)
            except asyncio.TimeoutError:
                pass
            finally:
                if not transport.is_closing():
                    transport.abort()


async def attacking(name, port, connections, seconds):
    (attack,) = (attack for attack in ATTACKS if attack.name == name)
    return await Client(attack, port, connections, seconds).assail()


def client(name, port, connections, seconds, told):
    counts = 0, 0
    try:
        counts = asyncio.run(attacking(name, port, connections, seconds))
    finally:
        told.put(counts)


def assail(attack, port, seconds):
    """@return how many connections were opened in all, and at the most at once (of each client process)"""
    processes = multiprocessing.get_context("spawn")
    told = processes.SimpleQueue()
    shares = [len(range(number, attack.connections, CLIENTS)) for number in range(CLIENTS)]
    clients = [processes.Process(target=client, args=(attack.name, port, share, seconds, told)) for share in shares]
    for process in clients:
        process.start()
    counts = [told.get() for _ in clients]
    for process in clients:
        process.join()
    return tuple(map(sum, zip(*counts)))


def trusting():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def keystore(args, scratch):
    keytool = pathlib.Path(args.java).with_name("keytool") if "/" in args.java else "keytool"
    path = scratch / "attacks.p12"
    subprocess.run([str(keytool), "-genkeypair", "-alias", "relais", "-keyalg", "EC", "-dname", "CN=localhost", "-keystore", str(path),
                    "-storetype", "PKCS12", "-storepass", "changeit", "-validity", "30"], check=True, capture_output=True)
    return path


def prepare(server):
    (server.functions / "site").mkdir()
    (server.functions / "site/index.php").write_text("<?php echo 'front';\n")
    (server.functions / "site/large.bin").write_bytes(b"x" * 1_000_000)
    shutil.copy(server.functions / "count.php", server.functions / "streamed.php")
    (server.functions / "functions.yaml").write_text("functions:\n  site: { application: true }\n  streamed: { body: stream }\n")


class Relais(servers.Relais):
    def start(self):
        prepare(self)
        super().start()


def asked(server, timeout):
    """(status, seconds) of /api/hello."""
    start = time.monotonic()
    status = servers.get(server.port, "/api/hello", timeout=timeout)[0]
    return status, time.monotonic() - start


def measure(server, attack, port, seconds):
    calm = max([asked(server, ANSWER_AWAITED)[1] for _ in range(25)][20:])
    before, held = collected(server), []
    watch = Memory(server)
    watch.start()
    look = threading.Timer(seconds * 0.6, lambda: held.append(collected(server)))
    look.start()
    opened, most = assail(attack, port, seconds)
    look.join()
    start = time.monotonic()
    status, answered = asked(server, ANSWER_AWAITED)
    watch.over.set()
    watch.join(30)
    refused = server.metric("relais_memory_refusals_total") if server.gateway.poll() is None else 0
    after = None
    while server.gateway.poll() is None and time.monotonic() - start < BACK_WITHIN:
        after = collected(server)
        if after["counted"] < MIB and after["spool"] == 0 and after["heap"] < before["heap"] + MORE_HEAP:
            break
        time.sleep(0.5)
    alive = server.gateway.poll() is None and servers.get(server.management, "/q/health/live")[0] == 200
    back = after is not None and after["counted"] < MIB and after["spool"] == 0 and after["heap"] < before["heap"] + MORE_HEAP
    passed = status == 200 and answered <= ANSWER_WITHIN and alive and back
    told = [f"{opened:,} / {most:,}", f"{calm:.2f} s", f"{status or 'none'}, {answered:.2f} s", f"{os.getloadavg()[0]:.0f}", f"{refused:.0f}"]
    told.append(" / ".join(f"{(seen or {}).get('heap', 0) / MIB:.0f}" for seen in (before, held[0], watch.peak, after)))
    for key in ("open", "direct", "counted", "spool", "rss"):
        told.append(" / ".join(f"{(seen or {}).get(key, 0) / MIB:.0f}" for seen in (before, watch.peak, after)))
    return passed, told


def main():
    parser = argparse.ArgumentParser(prog="src/bench/attacks", description=__doc__)
    servers.options(parser)
    parser.add_argument("--seconds", type=int, default=60, help="of each attack (default 60)")
    parser.add_argument("--only", default="", metavar="PATTERN", help="attacks in whose name it is found")
    parser.add_argument("--write", action="store_true", help="the result of --only, too")
    args = parser.parse_args()
    args.jvm = ["-Xmx256m", "-XX:+ExitOnOutOfMemoryError", *args.jvm]
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    scratch = servers.scratch()
    attacks = [attack for attack in ATTACKS if re.search(args.only, attack.name)]
    tell, failed = report.Report(), 0
    tell("# What an anonymous client can do to the memory of a gateway with a heap of 256 MiB\n")
    tell(f"{report.command()}, {report.machine(args)}.\n")
    tell(f"Each attack for {args.seconds} s from {CLIENTS} processes, on a gateway of its own, JVM options `{' '.join(args.jvm)}`. Then"
         f" `/api/hello` has to answer with 200 within {ANSWER_WITHIN} s, liveness to be UP, and within {BACK_WITHIN} s all that the gateway"
         " counts has to be given back.\n")
    tell("* **client:** connections opened / open at once (a connection that is refused is opened again after a second)\n"
         "* **calm:** the slowest of five answers of `/api/hello` before the attack, after twenty others; **answer:** of the one after it;"
         " **load:** of the machine, over a minute\n"
         "* **refused:** requests, heads and connections that had no room\n"
         "* **heap:** MiB before / during / at the most / after; what a collection leaves, at the most: with garbage\n"
         "* **the others:** before / at the most / after: connections that the gateway has; MiB of direct memory, of what the budgets count,"
         " of spool files, and resident\n")
    tell("| attack | client | calm | answer | load | refused | heap | open | direct | counted | spool | RSS | |\n"
         "| --- | --- | ---: | --- | ---: | ---: | --- | --- | --- | --- | --- | --- | --- |")
    for attack in attacks:
        args.config, kept = args.config + list(attack.config), args.config
        (tls_port,) = servers.free_ports(1)
        if attack.tls:
            args.config = args.config + [f"quarkus.http.ssl-port={tls_port}", "quarkus.http.insecure-requests=enabled",
                                         f"quarkus.tls.key-store.p12.path={keystore_of(args, scratch)}",
                                         "quarkus.tls.key-store.p12.password=changeit"]
        with contextlib.closing(Gateway(args, scratch)) as gateway:
            port = tls_port if attack.tls else gateway.server.port
            passed, told = measure(gateway.server, attack, port, args.seconds)
        args.config = kept
        failed += not passed
        tell(f"| {attack.name} | " + " | ".join(told) + f" | {'PASS' if passed else '**FAIL**'} |")
    tell(f"\n{len(attacks)} attacks, {failed} not withstood: **{'FAIL' if failed else 'PASS'}**")
    if args.write or not args.only:
        tell.write("attacks")
    sys.exit(failed > 0)


def keystore_of(args, scratch):
    path = scratch / "attacks.p12"
    return path if path.exists() else keystore(args, scratch)


class Gateway:
    """A gateway that may end before it is stopped."""

    def __init__(self, args, scratch):
        self.server = Relais(args, scratch)
        self.server.__enter__()

    def close(self):
        self.server.stop()


if __name__ == "__main__":
    main()
