"""The one writer of SVG: a drawing that follows the reader's light or dark theme, its legend and its axes."""

import math
from xml.sax.saxutils import escape

COLOURS = ("#3d8fb5", "#d1495b", "#edae49", "#8d6a9f", "#7a8a94", "#2e9e5b")
TOP = 50  # pixels above what is drawn, for the legend and the title
STYLE = "text{fill:#333}.g{stroke:#8888;stroke-width:.5}@media(prefers-color-scheme:dark){text{fill:#ddd}}"


class Drawing:
    """Elements of one picture, in pixels from its upper left corner."""

    def __init__(self, width, height):
        self.width, self.height = width, height
        self.elements = []

    def text(self, x, y, words, anchor="start", bold=False):
        more = (f' text-anchor="{anchor}"' if anchor != "start" else "") + (' font-weight="bold"' if bold else "")
        self.elements.append(f'<text x="{x:.1f}" y="{y:.1f}"{more}>{escape(str(words))}</text>')

    def box(self, x, y, width, height, colour):
        self.elements.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{colour}"/>')

    def rule(self, x, y, to_x, to_y):
        """A thin line of the grid."""
        self.elements.append(f'<path class="g" d="M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}"/>')

    def curve(self, points, colour):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.elements.append(f'<polyline fill="none" stroke-width="2" stroke="{colour}" points="{path}"/>')
        self.elements += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{colour}"/>' for x, y in points]

    def legend(self, left, step, names):
        for place, name in enumerate(names):
            self.box(left + place * step, 8, 10, 10, COLOURS[place])
            self.text(left + 14 + place * step, 17, name)

    def __str__(self):
        head = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}"'
                f' viewBox="0 0 {self.width} {self.height}" font-family="sans-serif" font-size="11">')
        return "\n".join([head, f"<style>{STYLE}</style>", *self.elements, "</svg>"]) + "\n"


class Linear:
    """An axis from zero to a round number; `part` says how far along it a value is, from 0 to 1."""

    def __init__(self, values):
        most = max((value for value in values if not math.isnan(value)), default=0) or 1
        digit = 10 ** math.floor(math.log10(most))
        self.most = math.ceil(most / digit) * digit
        self.marks = [self.most * quarter / 4 for quarter in range(5)]

    def part(self, value):
        return value / self.most


class Logarithmic:
    """An axis from `least`, or the power of ten below the least value, to the greatest value or the power of ten above it."""

    def __init__(self, values, least=None, whole_decades=True):
        values = [value for value in values if not math.isnan(value)]
        self.least = least or 10 ** math.floor(math.log10(min(values)))
        self.most = max(2 * self.least, *values)
        if whole_decades:
            self.most = self.least * 10 ** max(1, math.ceil(math.log10(self.most / self.least)))
        steps = (1,) if whole_decades or self.most / self.least > 100 else (1, 2, 5)
        first, last = math.floor(math.log10(self.least)), math.ceil(math.log10(self.most))
        marks = [step * 10 ** power for power in range(first, last + 1) for step in steps]
        self.marks = [mark for mark in marks if 0.999 * self.least <= mark <= 1.001 * self.most]

    def part(self, value):
        return math.log(max(value, self.least) / self.least) / math.log(self.most / self.least)


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
