"""Charts as plain SVG that follows the reader's light or dark theme, as the simulation's do."""

import math

COLOURS = ("#3d8fb5", "#d1495b", "#edae49", "#2e9e5b")
LEFT, WIDTH, BAR, GAP, TOP = 210, 840, 14, 14, 50


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def bars(title, names, groups):
    """A group is (label, one value for each name); the axis is logarithmic and begins at a power of ten."""
    values = [value for _, group in groups for value in group]
    least = 10 ** math.floor(math.log10(min(values)))
    decades = max(1, math.ceil(math.log10(max(values) / least)))
    x = lambda value: LEFT + (WIDTH - LEFT - 70) * math.log10(value / least) / decades
    each = len(names) * BAR + GAP
    height = TOP + len(groups) * each + 24
    svg = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
           ' font-family="sans-serif" font-size="11">',
           "<style>text{fill:#333}.g{stroke:#8888;stroke-width:.5}@media(prefers-color-scheme:dark){text{fill:#ddd}}</style>",
           f'<text x="{LEFT}" y="38" font-weight="bold">{title}</text>']
    for i, name in enumerate(names):
        svg.append(f'<rect x="{LEFT + i * 140}" y="8" width="10" height="10" fill="{COLOURS[i]}"/>'
                   f'<text x="{LEFT + 14 + i * 140}" y="17">{name}</text>')
    for decade in range(decades + 1):
        mark = least * 10 ** decade
        svg.append(f'<path class="g" d="M{x(mark):.1f} {TOP - 4}V{height - 20}"/>'
                   f'<text x="{x(mark):.1f}" y="{height - 6}" text-anchor="middle">{number(mark)}</text>')
    for place, (label, group) in enumerate(groups):
        y = TOP + place * each
        svg.append(f'<text x="{LEFT - 8}" y="{y + len(names) * BAR / 2 + 4}" text-anchor="end">{label}</text>')
        for i, value in enumerate(group):
            svg.append(f'<rect x="{LEFT}" y="{y + i * BAR}" width="{max(1, x(value) - LEFT):.1f}" height="{BAR - 2}"'
                       f' fill="{COLOURS[i]}"/><text x="{x(value) + 5:.1f}" y="{y + i * BAR + 10}">{number(value)}</text>')
    return "\n".join(svg + ["</svg>"]) + "\n"


def lines(title, below, curves):
    """A curve is {name: [(x, y), ...]}; both axes are linear and begin at zero."""
    most_x = max(x for points in curves.values() for x, _ in points)
    most_y = round_up(max(y for points in curves.values() for _, y in points if y == y))
    height, left = 320, 70
    x = lambda value: left + (WIDTH - left - 40) * value / most_x
    y = lambda value: height - 45 - (height - 45 - TOP) * value / most_y
    svg = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
           ' font-family="sans-serif" font-size="11">',
           "<style>text{fill:#333}.g{stroke:#8888;stroke-width:.5}@media(prefers-color-scheme:dark){text{fill:#ddd}}</style>",
           f'<text x="{left}" y="38" font-weight="bold">{title}</text>',
           f'<text x="{(left + WIDTH) / 2}" y="{height - 8}" text-anchor="middle">{below}</text>']
    for i in range(5):
        svg.append(f'<path class="g" d="M{left} {y(most_y * i / 4):.1f}H{WIDTH - 40}"/>'
                   f'<text x="{left - 8}" y="{y(most_y * i / 4) + 4:.1f}" text-anchor="end">{number(most_y * i / 4)}</text>'
                   f'<text x="{x(most_x * i / 4):.1f}" y="{height - 28}" text-anchor="middle">{number(most_x * i / 4)}</text>')
    for i, (name, points) in enumerate(curves.items()):
        svg.append(f'<rect x="{left + i * 180}" y="8" width="10" height="10" fill="{COLOURS[i]}"/>'
                   f'<text x="{left + 14 + i * 180}" y="17">{name}</text>')
        shown = [(x(a), y(b)) for a, b in points if b == b]
        svg.append('<polyline fill="none" stroke-width="2" stroke="%s" points="%s"/>'
                   % (COLOURS[i], " ".join(f"{a:.1f},{b:.1f}" for a, b in shown)))
        svg += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{COLOURS[i]}"/>' for a, b in shown]
    return "\n".join(svg + ["</svg>"]) + "\n"


def round_up(value):
    """The next number of one digit and zeros."""
    digit = 10 ** math.floor(math.log10(value))
    return math.ceil(value / digit) * digit
