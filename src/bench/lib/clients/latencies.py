"""Percentiles of latencies."""


def percentile(values, part):
    """The value that this part of them does not exceed; nan when there are none."""
    return sorted(values)[min(len(values) - 1, int(part * len(values)))] if values else float("nan")
