"""What a gateway holds at rest, at the start and at the end of a soak."""

import collections
import os

from judging.verdict import Verdict
from scenarios.storm.leftovers import children, more_descriptors
from servers import processes
from servers.memory import MIB, collect, held

# What may be more at the end than at the start, and is no leak: code that ran for the first time, a thread pool that has grown.
MORE_HEAP, MORE_HEAP_PART, MORE_DIRECT, MORE_THREADS = 12 * MIB, 1.25, 24 * MIB, 24
LOOKS = 20  # at the descriptors: besides those that stay, the JVM has some for an instant
COLUMNS = "heap MiB | direct MiB | RSS MiB | threads | descriptors | spool | slots"


def holdings(server):
    """What the gateway holds after a garbage collection, when nothing runs."""
    for _ in range(2):
        collect(server)
    descriptors = min((processes.descriptors(server.gateway.pid) for _ in range(LOOKS)), key=collections.Counter.total)
    return held(server) | {
        "threads": len(os.listdir(f"/proc/{server.gateway.pid}/task")),
        "descriptors": descriptors,
        "slots": sum(child["state"] == "idle" for child in children(server)),
    }


def shown(held):
    """The cells of COLUMNS."""
    return (f"{held['heap'] / MIB:.1f} | {held['direct'] / MIB:.1f} | {held['rss'] / MIB:.0f} | {held['threads']}"
            f" | {held['descriptors'].total()} | {held['spool']:.0f} | {held['slots']}")


def kept(start, end):
    """(h) to (k): is there as much at the end as at the start?"""
    def row(letter, what, seen, faulty):
        return Verdict(f"({letter}) {what}", seen, [seen] if faulty else [])

    heap_limit = max(start["heap"] * MORE_HEAP_PART, start["heap"] + MORE_HEAP)
    before, after = start["descriptors"], end["descriptors"]
    return [
        row("h", "the heap, after a collection, is as at the start",
            f"{start['heap'] / MIB:.1f} MiB, {end['heap'] / MIB:.1f} MiB at the end; direct memory {start['direct'] / MIB:.1f} and"
            f" {end['direct'] / MIB:.1f} MiB", end["heap"] > heap_limit or end["direct"] > start["direct"] + MORE_DIRECT),
        row("i", "so are the threads", f"{start['threads']}, {end['threads']} at the end", end["threads"] > start["threads"] + MORE_THREADS),
        row("j", "and the descriptors and connections", f"{dict(before)}, {dict(after)} at the end", more_descriptors(before, after)),
        row("k", "the spool is empty and every slot is free", f"{end['spool']:.0f} bytes, {end['slots']} of {start['slots']} slots",
            end["spool"] or end["slots"] != start["slots"]),
    ]
