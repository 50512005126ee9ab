"""Charts as plain SVG: bars, lines, and panels of lines side by side."""
