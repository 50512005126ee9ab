"""The attacks of src/bench/attacks, in the order of its table."""

from scenarios.attack_cases import answers, bodies, heads

ATTACKS = [*heads.ATTACKS, *bodies.ATTACKS, *answers.ATTACKS]
