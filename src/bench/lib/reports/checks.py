"""Checks of a run: what was measured, what was wanted, and whether the check passes."""

import asyncio
import time

LOOKS = 0.005  # seconds between two looks at a condition


class Checks:
    """The lines of one table."""

    def __init__(self, tell, scenario, server):
        heading = scenario if server.name in scenario else f"{scenario} ({server.name})"
        tell(f"\n## {heading}\n\n| what | seen | wanted | |\n| --- | --- | --- | --- |")
        self.tell, self.passed = tell, True

    def add(self, what, seen, wanted="", ok=True):
        self.passed = self.passed and bool(ok)
        cells = [cell(text) for text in (what, seen, wanted)]
        self.tell(f"| {' | '.join(cells)} | {'' if wanted == '' else 'PASS' if ok else 'FAIL'} |")

    def load(self, clients):
        self.add("requests sent", clients.sent)
        self.add("outcomes", ", ".join(f"{o}: {n}" for o, n in sorted(clients.outcomes.items())))
        self.add("connections refused", clients.refused)
        self.add("slowest answer", f"{clients.slowest:.2f} s")
        self.add("requests with an outcome", sum(clients.outcomes.values()), clients.sent,
                 sum(clients.outcomes.values()) == clients.sent)


def cell(value):
    """A value as a table has it, where a line's end would end the row, and a bar the cell. Code spans part at line ends, and keep no break."""
    text = str(value).strip().replace("|", "\\|")
    if "\n" not in text:
        return text
    code = text.startswith("`") and text.endswith("`")
    lines = [line.strip() for line in text.strip("`" if code else "").splitlines() if line.strip()]
    return "<br>".join(f"`{line}`" if code else line for line in lines)


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
