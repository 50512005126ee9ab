"""The meters of a gateway, in the text format of Prometheus."""

import collections
import re


class Meters:
    """The values of all meters at one moment."""

    def __init__(self, text):
        self.samples = [(name, dict(re.findall(r'(\w+)="([^"]*)"', tags or "")), float(value))
                        for name, tags, value in re.findall(r"^(\w+)(?:\{([^}]*)\})? (\S+)", text, re.M)]

    def total(self, name, **tags):
        """The sum of all meters of that name that have these tags."""
        values = [value for known, has, value in self.samples if known == name and tags.items() <= has.items()]
        if not values:
            raise LookupError(f"no meter {name} {tags or ''}")
        return sum(values)

    def by(self, name, tag):
        """The sums of the meters of that name by the value of a tag."""
        sums = collections.Counter()
        for known, tags, value in self.samples:
            if known == name:
                sums[tags[tag]] += value
        return sums
