"""A link between two network namespaces: the servers stay in this one, the clients are in another. Only the two ends can use it."""

import contextlib
import os
import pathlib
import subprocess

SERVER, CLIENT = "198.18.77.1", "198.18.77.2"  # RFC 2544: for benchmarks of networks, routed nowhere
NOTE = "namespace"  # in the scratch directory: its name, for run.sh when this program is killed


def ip(*words):
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


@contextlib.contextmanager
def veth(scratch):
    """Gives (address of the servers, words before a client's command line). Wants root."""
    name = f"relais-{os.getpid()}"
    ours, theirs = f"rs{os.getpid()}", f"rc{os.getpid()}"
    (scratch / NOTE).write_text(name)
    try:
        ip("netns", "add", name)
        ip("link", "add", ours, "type", "veth", "peer", "name", theirs, "netns", name)
        ip("address", "add", f"{SERVER}/30", "dev", ours)
        ip("link", "set", ours, "up")
        ip("-n", name, "address", "add", f"{CLIENT}/30", "dev", theirs)
        ip("-n", name, "link", "set", theirs, "up")
        ip("-n", name, "link", "set", "lo", "up")
        yield SERVER, ["ip", "netns", "exec", name]
    finally:
        remove(scratch)


def remove(scratch):
    """The namespace's end of the link goes with it, and the other end with that."""
    note = pathlib.Path(scratch, NOTE)
    if note.exists():
        subprocess.run(["ip", "netns", "delete", note.read_text()], capture_output=True)
        note.unlink()
