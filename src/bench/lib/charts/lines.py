"""Curves over a number, and panels of curves over named steps."""

import math

from charts.svg import COLOURS, TOP, Drawing, Linear, Logarithmic, number

WIDTH, HEIGHT, LEFT, RIGHT, BOTTOM = 840, 320, 70, 40, 45  # pixels, of a chart of curves
LEGEND = 180  # pixels for each name
PANEL_WIDTH, PANEL_HEIGHT, PANEL_LEFT, PANEL_BOTTOM = 280, 190, 46, 36  # pixels
PANEL_LEGEND = 140  # pixels for each name at the most
INDENT, LAST = 15, 40  # pixels between a panel's edges and its first and last step


def lines(title, below, curves):
    """`curves` is {name: [(x, y), ...]}; both axes begin at zero."""
    across = Linear([x for points in curves.values() for x, _ in points])
    up = Linear([y for points in curves.values() for _, y in points])
    drawing = Drawing(WIDTH, HEIGHT)
    drawing.text(LEFT, 38, title, bold=True)
    drawing.text((LEFT + WIDTH) / 2, HEIGHT - 8, below, "middle")
    drawing.legend(LEFT, LEGEND, curves)

    def place(x, y):
        return LEFT + (WIDTH - LEFT - RIGHT) * across.part(x), HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * up.part(y)

    for mark in up.marks:
        drawing.rule(LEFT, place(0, mark)[1], WIDTH - RIGHT, place(0, mark)[1])
        drawing.text(LEFT - 8, place(0, mark)[1] + 4, number(mark), "end")
    for mark in across.marks:
        drawing.text(place(mark, 0)[0], HEIGHT - 28, number(mark), "middle")
    for i, points in enumerate(curves.values()):
        drawing.curve([place(x, y) for x, y in points if not math.isnan(y)], COLOURS[i])
    return str(drawing)


def panels(names, below, steps, charts):
    """Panels side by side with one legend. A chart is (title, least, curves): where its logarithmic axis begins, or 0 for a linear
    one, and for each name one value for each step; nan where there is none."""
    drawing = Drawing(len(charts) * PANEL_WIDTH, TOP + PANEL_HEIGHT + PANEL_BOTTOM)
    drawing.legend(10, min(PANEL_LEGEND, (drawing.width - 20) / len(names)), names)
    for place, (title, least, curves) in enumerate(charts):
        panel(drawing, place * PANEL_WIDTH, title, below, steps, least, curves)
    return str(drawing)


def panel(drawing, left, title, below, steps, least, curves):
    values = [value for curve in curves for value in curve]
    axis = Logarithmic(values, least, whole_decades=False) if least else Linear(values)
    foot, right = TOP + PANEL_HEIGHT, left + PANEL_WIDTH - 10
    drawing.text(left + PANEL_LEFT, TOP - 12, title, bold=True)
    drawing.text(right, foot + 32, below, "end")

    def x(step):
        return left + PANEL_LEFT + INDENT + (PANEL_WIDTH - PANEL_LEFT - LAST) * step / max(1, len(steps) - 1)

    def y(value):
        return foot - PANEL_HEIGHT * axis.part(value)

    for mark in axis.marks:
        drawing.rule(left + PANEL_LEFT, y(mark), right, y(mark))
        drawing.text(left + PANEL_LEFT - 4, y(mark) + 4, number(mark), "end")
    for step, name in enumerate(steps):
        drawing.text(x(step), foot + 16, name, "middle")
    for i, curve in enumerate(curves):
        drawing.curve([(x(step), y(value)) for step, value in enumerate(curve) if not math.isnan(value)], COLOURS[i])
