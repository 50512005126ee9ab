"""What a storm leaves behind: processes, descriptors, waiting requests."""

import json

from judging.verdict import Verdict
from reports.checks import until
from servers import processes

SETTLED_WITHIN = 45  # seconds until all children are there again; a master that died often is started after up to 30 s
LOOKS = 0.25  # seconds between two looks
CLOSED_WITHIN = 15  # seconds: thousands of connections of the last overload, on a machine that is busy
MORE_FILES = 8  # descriptors that the JVM itself may have opened for the first time
EMPTY = ("relais_queue_length", "relais_worker_children_busy", "relais_spool_bytes")  # meters that are 0 when nothing runs


def children(server):
    return [child for worker in server.status().get("workers", []) for child in worker["children"]]


async def settle(server, args):
    """Seconds until every child is there and idle; None when that did not come about."""
    def idle():
        there = children(server)
        return len(there) == args.children and all(child["state"] == "idle" for child in there)

    return await until(idle, SETTLED_WITHIN, LOOKS)


def more_descriptors(before, after):
    """Whether descriptors were lost."""
    return after["socket"] > before["socket"] or after.total() > before.total() + MORE_FILES


async def leaks(server, args, havoc, before):
    """(e) what the run left behind. `before`: the gateway's descriptors by their kinds."""
    settled = await settle(server, args)
    faults = [] if settled is not None else [f"not all children idle after {SETTLED_WITHIN} s: {json.dumps(server.status())}"]
    masters = server.masters()
    forked = [child for master in masters for child in server.children(master)]
    if len(masters) != args.workers or len(forked) != args.children:
        faults.append(f"{len(masters)} masters with {len(forked)} children; {args.workers} with {args.children} wanted")
    known = {p.key for p in masters + forked}
    sessions = {m.pid for m in havoc.masters.values()}
    orphans = [p for p in processes.everyone() if p.session in sessions and p.key not in known]
    orphans += [p for p in processes.descendants(server.gateway.pid) if not p.running]
    faults += [f"left: {p.pid} {p.name} ({p.state})" for p in orphans]
    faults += [f"{name} is {value:.0f}" for name in EMPTY if (value := server.metric(name))]
    await until(lambda: not more_descriptors(before, processes.descriptors(server.gateway.pid)), CLOSED_WITHIN, LOOKS)
    after = processes.descriptors(server.gateway.pid)
    if more_descriptors(before, after):
        faults.append(f"descriptors of the gateway: {dict(before)} before, {dict(after)} after")
    took = "" if settled is None else f"; all idle after {settled:.1f} s"
    return Verdict("(e) no child, master, descriptor, waiting request or busy child is left over",
                   f"{len(masters)} masters, {len(forked)} children, {before.total()} descriptors before and {after.total()} after{took}",
                   faults)
