"""What an anonymous client can do to the memory of a gateway with -Xmx256m: see src/bench/README.md."""

import argparse
import asyncio
import contextlib
import pathlib
import re
import resource
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import time

import bigbody
import report
import servers
from attacks_cases import ATTACKS, Peer

MIB = 1 << 20
ANSWER_WITHIN = 2  # seconds, after an attack
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


async def one(attack, port, context, until, connecting):
    """One connection after the other."""
    loop = asyncio.get_running_loop()
    while (left := until - loop.time()) > 0:
        try:
            async with connecting:
                transport, peer = await asyncio.wait_for(
                    loop.create_connection(lambda: Peer(attack.reads), "127.0.0.1", port, ssl=context), min(left, 20))
        except (OSError, asyncio.TimeoutError):
            await asyncio.sleep(1)
            continue
        # He vanishes in the end: the kernel must not go on to send what he has not.
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        try:
            await asyncio.wait_for(attack.act(peer), max(0.01, until - loop.time()))
            await asyncio.wait_for(peer.gone, max(0.01, until - loop.time()))
            await asyncio.sleep(1)
        except asyncio.TimeoutError:
            pass
        finally:
            if not transport.is_closing():
                transport.abort()


async def assail(attack, port, context, seconds):
    until = asyncio.get_running_loop().time() + seconds
    connecting = asyncio.Semaphore(100)
    await asyncio.gather(*(one(attack, port, context, until, connecting) for _ in range(attack.connections)))
    await asyncio.sleep(0)  # what was aborted is closed in the loop's next round


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


def measure(server, attack, context, port, seconds):
    before = collected(server)
    watch = Memory(server)
    watch.start()
    asyncio.run(assail(attack, port, context, seconds))
    start = time.monotonic()
    status = servers.get(server.port, "/api/hello", timeout=ANSWER_WITHIN)[0]
    answered = time.monotonic() - start
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
    told = [f"{status or 'none'}, {answered:.2f} s", f"{refused:.0f}"]
    for key in ("open", "heap", "direct", "counted", "spool", "rss"):
        told.append(" / ".join(f"{(seen or {}).get(key, 0) / MIB:.0f}" for seen in (before, watch.peak, after)))
    return passed, told


def main():
    parser = argparse.ArgumentParser(prog="src/bench/attacks", description=__doc__)
    servers.options(parser)
    parser.add_argument("--seconds", type=int, default=60, help="of each attack (default 60)")
    parser.add_argument("--only", default="", metavar="TEXT", help="attacks whose name holds it; writes no result")
    args = parser.parse_args()
    args.jvm = ["-Xmx256m", "-XX:+ExitOnOutOfMemoryError", *args.jvm]
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    scratch = servers.scratch()
    attacks = [attack for attack in ATTACKS if args.only in attack.name]
    tell, failed = report.Report(), 0
    tell("# What an anonymous client can do to the memory of a gateway with a heap of 256 MiB\n")
    tell(f"{report.command()}, {report.machine(args)}.\n")
    tell(f"Each attack for {args.seconds} s, on a gateway of its own, JVM options `{' '.join(args.jvm)}`. Then `/api/hello` has to answer"
         f" within {ANSWER_WITHIN} s, liveness to be UP, and within {BACK_WITHIN} s all that the gateway counts has to be given back. MiB"
         " before / at the most / after; heap before and after a collection. Refused: requests and connections that had no room.\n")
    tell("| attack | answer | refused | connections | heap | direct | counted | spool | RSS | |\n| --- | --- | ---: | --- | --- | --- | --- | --- | --- | --- |")
    for attack in attacks:
        args.config, kept = args.config + list(attack.config), args.config
        (tls_port,) = servers.free_ports(1)
        if attack.tls:
            args.config = args.config + [f"quarkus.http.ssl-port={tls_port}", "quarkus.http.insecure-requests=enabled",
                                         f"quarkus.tls.key-store.p12.path={keystore_of(args, scratch)}",
                                         "quarkus.tls.key-store.p12.password=changeit"]
        with contextlib.closing(Gateway(args, scratch)) as gateway:
            port = tls_port if attack.tls else gateway.server.port
            passed, told = measure(gateway.server, attack, trusting() if attack.tls else None, port, args.seconds)
        args.config = kept
        failed += not passed
        tell(f"| {attack.name} | " + " | ".join(told) + f" | {'PASS' if passed else '**FAIL**'} |")
    tell(f"\n{len(attacks)} attacks, {failed} not withstood: **{'FAIL' if failed else 'PASS'}**")
    if not args.only:
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
