"""Uploads and downloads many gigabytes through a Relais with a small heap, and watches its memory: see src/bench/README.md."""

import argparse
import sys
import time

from clients import http1
from clients.blocking import Client
from servers.memory import MIB, Watch, held
from servers.options import options, scratch
from servers.paths import RESULTS
from servers.relais import Relais

# The heap's own limit is 128 MiB. Outside it: buffers that the kernel writes from and into.
DIRECT_LIMIT = 64 * MIB
TIMEOUT = 600  # seconds, of each read and write of the client
KEPT = 1024  # bytes of an answer
SPOOL_EMPTY_WITHIN = 10  # seconds; a spool file is closed a moment after its answer
LOOKS = 0.25  # seconds


def upload(port, size, chunked):
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {size}"
    piece = bytes(MIB)
    with Client(port, timeout=TIMEOUT) as client:
        client.send(http1.head("/api/count", "Content-Type: application/octet-stream", length, method="POST"))
        for _ in range(size // MIB):
            client.send(b"%x\r\n%b\r\n" % (MIB, piece) if chunked else piece)
        if chunked:
            client.send(b"0\r\n\r\n")
        answer = client.answer(KEPT)
    text = answer.body.decode()
    return answer.status == 200 and text == f'{{"bytes":{size},"announced":{size}}}', f"{answer.status} {text[:80]}"


def download(port, size, announce):
    with Client(port, timeout=TIMEOUT) as client:
        answer = client.ask(http1.head(f"/api/mebibytes?count={size // MIB}{'&announce' if announce else ''}"), KEPT)
    return answer.status == 200 and answer.length == size, f"{answer.status}, {answer.length} bytes"


def measure(server, name, exchange):
    before = at_rest(server)
    watch = Watch(lambda: held(server))
    start = time.monotonic()
    whole, seen = exchange()
    seconds = time.monotonic() - start
    watch.end()
    after = at_rest(server)
    passed = whole and watch.peak["direct"] <= DIRECT_LIMIT and after["spool"] == 0
    row = [name, seen, f"{seconds:.0f} s"]
    row += [" / ".join(f"{looked[kind] / MIB:.0f}" for looked in (before, watch.peak, after)) for kind in ("heap", "direct", "rss", "spool")]
    row.append("PASS" if passed else "FAIL")
    print(*row, sep=" | ", flush=True)
    return row


def at_rest(server):
    """The memory after the last bytes have been let go of."""
    until = time.monotonic() + SPOOL_EMPTY_WITHIN
    while (seen := held(server))["spool"] and time.monotonic() < until:
        time.sleep(LOOKS)
    return seen


def main():
    parser = argparse.ArgumentParser(prog="src/bench/bigbody", description=__doc__)
    options(parser)
    parser.add_argument("--gibibytes", type=int, default=4, help="size of each body (default 4)")
    args = parser.parse_args()
    args.children, args.workers = 2, 1
    args.jvm += ["-Xmx128m"]
    size = args.gibibytes << 30
    args.config += [
        f"relais.http.max-body-size={args.gibibytes + 1}G",
        f"relais.http.spool-capacity={args.gibibytes + 1}G",
        "relais.functions.timeout=600s",
        'relais.workers.php-settings."post_max_size"=0',
    ]
    with Relais(args, scratch()) as server:
        rows = [
            measure(server, "upload, Content-Length", lambda: upload(server.port, size, False)),
            measure(server, "upload, chunked", lambda: upload(server.port, size, True)),
            measure(server, "download, Content-Length", lambda: download(server.port, size, True)),
            measure(server, "download, chunked", lambda: download(server.port, size, False)),
        ]
    head = ["body", "answer", "time", "heap MiB", "direct MiB", "RSS MiB", "spool MiB", ""]
    table = "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head)] + rows)
    (RESULTS / "bigbody.md").write_text(
        f"# Bodies of {args.gibibytes} GiB with a heap of 128 MiB\n\n"
        f"- {time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime())}\n"
        f"- `src/bench/bigbody --gibibytes {args.gibibytes}`; JVM option `-Xmx128m`\n"
        f"- memory of the gateway before / at the most during / after, looked at four times a second; PHP counts every byte\n"
        f"- wanted: every byte there, direct memory at most {DIRECT_LIMIT // MIB} MiB, nothing left in the spool\n\n{table}\n")
    sys.exit(0 if all(row[-1] == "PASS" for row in rows) else 1)


if __name__ == "__main__":
    main()
