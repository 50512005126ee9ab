"""Checks of a run: what was measured, what was wanted, and whether the check passes."""

import asyncio
import time

LOOKS = 0.005  # seconds between two looks at a condition


class Checks:
    """The lines of one table."""

    def __init__(self, tell, scenario, server):
        tell(f"\n## {scenario} ({server.name})\n\n| what | seen | wanted | |\n| --- | --- | --- | --- |")
        self.tell, self.passed = tell, True

    def add(self, what, seen, wanted="", ok=True):
        self.passed = self.passed and bool(ok)
        self.tell(f"| {what} | {seen} | {wanted} | {'' if wanted == '' else 'PASS' if ok else 'FAIL'} |")

    def load(self, clients):
        self.add("requests sent", clients.sent)
        self.add("outcomes", ", ".join(f"{o}: {n}" for o, n in sorted(clients.outcomes.items())))
        self.add("connections refused", clients.refused)
        self.add("slowest answer", f"{clients.slowest:.2f} s")
        self.add("requests with an outcome", sum(clients.outcomes.values()), clients.sent,
                 sum(clients.outcomes.values()) == clients.sent)


async def until(condition, seconds, step=LOOKS):
    """Seconds until `condition()` held, or None when it did not in time."""
    begin = time.monotonic()
    while (waited := time.monotonic() - begin) <= seconds:
        if condition():
            return waited
        await asyncio.sleep(step)
    return None


def took(seconds):
    return "not in time" if seconds is None else f"{seconds:.2f} s"
