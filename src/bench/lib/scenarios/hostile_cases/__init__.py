"""The cases of src/bench/hostile, in the order of its table."""

from scenarios.hostile_cases import fields, framing, function_answers, greedy, http2, methods, slow, targets

CASES = [case for part in (fields, framing, targets, methods, function_answers, http2, slow, greedy) for case in part.CASES]
