"""The kernel's autogroup, off for the time of a run.

While it is on, the cores are shared by session, so that a server with many sessions gets more of them (a gateway has a session,
and so has each PHP-FPM master, which calls setsid). Each process that a run starts is in a session of its own in any case."""

import contextlib
import pathlib

SWITCH = pathlib.Path("/proc/sys/kernel/sched_autogroup_enabled")
NOTE = "autogroup"  # in the scratch directory: what it was before, for run.sh when this program is killed


@contextlib.contextmanager
def off(scratch):
    """Gives a word for the report."""
    try:
        before = SWITCH.read_text()
        SWITCH.write_text("0")
    except OSError:
        yield f"left as it is ({SWITCH.read_text().strip() if SWITCH.exists() else 'unknown to this kernel'}): no permission"
        return
    note = scratch / NOTE
    note.write_text(before)
    try:
        yield "off"
    finally:
        restore(scratch)


def restore(scratch):
    note = pathlib.Path(scratch, NOTE)
    if note.exists():
        SWITCH.write_text(note.read_text())
        note.unlink()
