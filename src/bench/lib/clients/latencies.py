"""Percentiles of latencies."""


def percentile(values, part):
    """The value below which this part of them is; nan when there is none."""
    return sorted(values)[min(len(values) - 1, int(part * len(values)))] if values else float("nan")
