"""Uploads and downloads many gigabytes through a Relais with a small heap, and watches its memory. See src/bench/bigbody."""

import argparse
import http.client
import re
import sys
import threading
import time

import servers

MIB = 1 << 20
# The heap's own limit is 128 MiB. Outside it: buffers that the kernel writes from and into.
DIRECT_LIMIT = 64 * MIB


class Memory(threading.Thread):
    """Looks at the gateway's memory four times a second; keeps the highest."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.server, self.over, self.peak = server, threading.Event(), {}

    def look(self):
        metrics = servers.get(self.server.management, "/q/metrics", timeout=20)[1].decode()
        total = lambda pattern: sum(float(v) for v in re.findall(rf"^{pattern} (\S+)$", metrics, re.M))
        return {
            "heap": total(r'jvm_memory_used_bytes\{area="heap",[^}]*\}'),
            "direct": total(r'jvm_buffer_memory_used_bytes\{id="direct"\}'),
            "rss": rss(self.server.gateway.pid),
            "spool": total("relais_spool_bytes"),
        }

    def run(self):
        while not self.over.wait(0.25):
            for key, value in self.look().items():
                self.peak[key] = max(self.peak.get(key, 0), value)


def rss(pid):
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+) kB", status.read())[1]) * 1024


def upload(port, size, chunked):
    piece = bytes(MIB)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    connection.putrequest("POST", "/api/count")
    connection.putheader("Content-Type", "application/octet-stream")
    if chunked:
        connection.putheader("Transfer-Encoding", "chunked")
    else:
        connection.putheader("Content-Length", str(size))
    connection.endheaders()
    for _ in range(size // MIB):
        connection.send(b"100000\r\n" + piece + b"\r\n" if chunked else piece)
    if chunked:
        connection.send(b"0\r\n\r\n")
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status == 200 and text == f'{{"bytes":{size},"announced":{size}}}', f"{answer.status} {text[:80]}"


def download(port, size, announce):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    connection.request("GET", f"/api/mebibytes?count={size // MIB}{'&announce' if announce else ''}")
    answer = connection.getresponse()
    count = 0
    while piece := answer.read(MIB):
        count += len(piece)
    connection.close()
    return answer.status == 200 and count == size, f"{answer.status}, {count} bytes"


def measure(server, name, exchange):
    before = server_memory(server)
    watch = Memory(server)
    watch.start()
    start = time.monotonic()
    whole, seen = exchange()
    seconds = time.monotonic() - start
    watch.over.set()
    watch.join()
    after = server_memory(server)
    passed = whole and watch.peak["direct"] <= DIRECT_LIMIT and after["spool"] == 0
    mib = lambda value: f"{value / MIB:.0f}"
    row = [name, seen, f"{seconds:.0f} s"]
    row += [f"{mib(before[k])} / {mib(watch.peak[k])} / {mib(after[k])}" for k in ("heap", "direct", "rss", "spool")]
    print(*row, "PASS" if passed else "FAIL", sep=" | ", flush=True)
    return row + ["PASS" if passed else "FAIL"]


def server_memory(server):
    """After the last bytes have been let go of; a spool file is closed a moment after its answer."""
    for _ in range(40):
        seen = Memory(server).look()
        if seen["spool"] == 0:
            break
        time.sleep(0.25)
    return seen


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    servers.options(parser)
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
    scratch = servers.scratch()
    with servers.Relais(args, scratch) as server:
        rows = [
            measure(server, "upload, Content-Length", lambda: upload(server.port, size, False)),
            measure(server, "upload, chunked", lambda: upload(server.port, size, True)),
            measure(server, "download, Content-Length", lambda: download(server.port, size, True)),
            measure(server, "download, chunked", lambda: download(server.port, size, False)),
        ]
    head = ["body", "answer", "time", "heap MiB", "direct MiB", "RSS MiB", "spool MiB", ""]
    table = "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head)] + rows)
    with open(servers.BENCH / "results/bigbody.md", "w") as results:
        results.write(
            f"# Bodies of {args.gibibytes} GiB with a heap of 128 MiB\n\n"
            f"- {time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime())}\n"
            f"- `src/bench/bigbody --gibibytes {args.gibibytes}`; JVM option `-Xmx128m`\n"
            f"- memory of the gateway before / at the most during / after, looked at four times a second; PHP counts every byte\n"
            f"- wanted: every byte there, direct memory at most {DIRECT_LIMIT // MIB} MiB, nothing left in the spool\n\n{table}\n"
        )
    sys.exit(0 if all(row[-1] == "PASS" for row in rows) else 1)


if __name__ == "__main__":
    main()
