"""A flame graph: each box is a frame, as wide as its share of all samples, and stands on the frame that has called it."""

from xml.sax.saxutils import escape

WIDTH, ROW, HEAD, LETTER = 1200, 15, 30, 6.2  # pixels
LEAST = 0.4  # pixels: narrower boxes are left out
COLOURS = {"dev/relais/": "#e8833a", "io/netty/": "#7aa6c2", "io/vertx/": "#9b7ac2", "io/quarkus/": "#b96aa8", "_[k]": "#a9a9a9"}
OTHER = "#c9c077"


class Frame:
    def __init__(self):
        self.count, self.above = 0, {}


def tree(stacks):
    root = Frame()
    for frames, count in stacks.items():
        root.count += count
        at = root
        for name in frames:
            at = at.above.setdefault(name, Frame())
            at.count += count
    return root


def flame(title, stacks):
    """SVG of stacks, (outermost frame, ..., innermost frame) -> count."""
    root = tree(stacks)
    boxes = []
    place(root, 0, 0, WIDTH / max(1, root.count), boxes)
    height = HEAD + ROW * (1 + max((depth for _, depth, *_ in boxes), default=0))
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" font-family="monospace" font-size="10">',
             f'<rect width="{WIDTH}" height="{height}" fill="#fff"/><text x="4" y="18" font-size="13">{escape(title)}</text>']
    for name, depth, x, width, count in boxes:
        y = height - ROW * (depth + 1)
        shown = name.rsplit("/", 1)[-1][:int((width - 4) / LETTER)]
        text = f'<text x="{x + 2:.1f}" y="{y + 11}">{escape(shown)}</text>' if len(shown) > 2 else ""
        lines.append(f'<g><title>{escape(name)}: {100 * count / root.count:.2f} %</title><rect x="{x:.1f}" y="{y}" width="{width:.1f}"'
                     f' height="{ROW - 1}" fill="{colour(name)}"/>{text}</g>')
    return "\n".join([*lines, "</svg>"]) + "\n"


def place(frame, depth, x, scale, boxes):
    for name, above in sorted(frame.above.items()):
        width = above.count * scale
        if width >= LEAST:
            boxes.append((name, depth, x, width, above.count))
            place(above, depth + 1, x, scale, boxes)
        x += width


def colour(name):
    return next((c for part, c in COLOURS.items() if part in name), OTHER)
