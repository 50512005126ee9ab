"""Groups of horizontal bars on a logarithmic axis."""

from charts.svg import COLOURS, TOP, Drawing, Logarithmic, number

WIDTH, LEFT, RIGHT, BOTTOM = 840, 210, 70, 24  # pixels
BAR, GAP = 14, 14  # pixels: of a bar, and between two groups
LEGEND = 140  # pixels for each name


def bars(title, names, groups):
    """A group is (label, one value for each name); the axis begins at a power of ten."""
    axis = Logarithmic([value for _, group in groups for value in group])
    each = len(names) * BAR + GAP
    drawing = Drawing(WIDTH, TOP + len(groups) * each + BOTTOM)
    drawing.text(LEFT, 38, title, bold=True)
    drawing.legend(LEFT, LEGEND, names)

    def x(value):
        return LEFT + (WIDTH - LEFT - RIGHT) * axis.part(value)

    for mark in axis.marks:
        drawing.rule(x(mark), TOP - 4, x(mark), drawing.height - 20)
        drawing.text(x(mark), drawing.height - 6, number(mark), "middle")
    for place, (label, group) in enumerate(groups):
        y = TOP + place * each
        drawing.text(LEFT - 8, y + len(names) * BAR / 2 + 4, label, "end")
        for i, value in enumerate(group):
            drawing.box(LEFT, y + i * BAR, max(1, x(value) - LEFT), BAR - 2, COLOURS[i])
            drawing.text(x(value) + 5, y + i * BAR + 10, number(value))
    return str(drawing)
