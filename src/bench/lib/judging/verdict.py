"""The result of one question about a run."""

from dataclasses import dataclass, field

SHOWN = 10  # faults of each question


@dataclass
class Verdict:
    question: str
    seen: str
    faults: list = field(default_factory=list)


def tell_verdicts(tell, title, verdicts):
    """Adds the table of all and the first faults of each to a report; gives whether there is none."""
    tell(f"| {title} | seen | |\n| --- | --- | --- |")
    for verdict in verdicts:
        tell(f"| {verdict.question} | {verdict.seen} | {f'**FAIL**: {len(verdict.faults)}' if verdict.faults else 'PASS'} |")
    for verdict in verdicts:
        for fault in verdict.faults[:SHOWN]:
            tell(f"\n- {verdict.question[:3]} {fault}")
    return not any(verdict.faults for verdict in verdicts)
