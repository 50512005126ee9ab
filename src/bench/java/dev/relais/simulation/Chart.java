package dev.relais.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Panels of lines side by side with one legend, as plain SVG that follows the reader's light or dark theme. */
final class Chart {
    private static final String[] COLOURS = {"#d1495b", "#8d6a9f", "#edae49", "#3d8fb5", "#7a8a94", "#2e9e5b"};
    private static final int WIDTH = 280;
    private static final int HEIGHT = 190;
    private static final int LEFT = 46;
    private static final int TOP = 50;
    private static final int BOTTOM = 36;

    /** One line. NaN: no point there. */
    record Line(String name, double[] values) {}

    /** @param least where a logarithmic axis begins; 0: a linear one from 0 */
    record Panel(String title, String axis, List<String> ticks, double least, List<Line> lines) {}

    private final StringBuilder svg = new StringBuilder();
    private final List<Panel> panels = new ArrayList<>();

    Chart panel(Panel panel) {
        panels.add(panel);
        return this;
    }

    void write(Path file) throws IOException {
        List<Line> lines = panels.get(0).lines();
        int width = panels.size() * WIDTH;
        int height = TOP + HEIGHT + BOTTOM;
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                        + " font-family=\"sans-serif\" font-size=\"11\">%n",
                width, height, width, height);
        add(
                "<style>text{fill:#333}.g{stroke:#8888;stroke-width:.5}@media(prefers-color-scheme:dark){text{fill:#ddd}}</style>%n");
        for (int i = 0; i < lines.size(); i++) {
            int x = 10 + i * Math.min(140, (width - 20) / lines.size());
            add("<rect x=\"%d\" y=\"8\" width=\"10\" height=\"10\" fill=\"%s\"/>", x, COLOURS[i]);
            add("<text x=\"%d\" y=\"17\">%s</text>%n", x + 14, lines.get(i).name());
        }
        for (int i = 0; i < panels.size(); i++) {
            draw(panels.get(i), i * WIDTH);
        }
        add("</svg>%n");
        Files.writeString(file, svg);
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }

    private void draw(Panel panel, int x) {
        double most = panel.least();
        for (Line line : panel.lines()) {
            for (double value : line.values()) {
                most = Double.isNaN(value) ? most : Math.max(most, value);
            }
        }
        add("<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s</text>%n", x + LEFT, TOP - 12, panel.title());
        add("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n", x + WIDTH - 10, TOP + HEIGHT + 32, panel.axis());
        for (double mark : marks(panel.least(), most)) {
            double y = y(panel.least(), most, mark);
            add("<path class=\"g\" d=\"M%d %.1fH%d\"/>", x + LEFT, y, x + WIDTH - 10);
            add("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n", x + LEFT - 4, y + 4, label(mark));
        }
        for (int i = 0; i < panel.ticks().size(); i++) {
            add(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                    x(panel, x, i), TOP + HEIGHT + 16, panel.ticks().get(i));
        }
        for (int i = 0; i < panel.lines().size(); i++) {
            line(panel, x, most, panel.lines().get(i).values(), COLOURS[i]);
        }
    }

    private void line(Panel panel, int x, double most, double[] values, String colour) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < values.length; i++) {
            if (!Double.isNaN(values[i])) {
                double y = y(panel.least(), most, values[i]);
                path.append(String.format(Locale.ROOT, "%s%.1f %.1f", path.isEmpty() ? "M" : "L", x(panel, x, i), y));
                add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\" fill=\"%s\"/>", x(panel, x, i), y, colour);
            }
        }
        add("<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.8\"/>%n", path, colour);
    }

    private static double x(Panel panel, int left, int tick) {
        double room = WIDTH - LEFT - 40;
        return left + LEFT + 15 + room * tick / Math.max(1, panel.ticks().size() - 1);
    }

    private static double y(double least, double most, double value) {
        double share = least == 0
                ? value / (most == 0 ? 1 : most)
                : Math.log(Math.max(value, least) / least) / Math.log(Math.max(most, 2 * least) / least);
        return TOP + HEIGHT - share * HEIGHT;
    }

    private static List<Double> marks(double least, double most) {
        List<Double> marks = new ArrayList<>();
        if (least == 0) {
            double step = Math.pow(10, Math.floor(Math.log10(Math.max(most, 1e-3))));
            step = most / step > 5 ? 2 * step : most / step > 2 ? step : step / 2;
            for (double mark = 0; mark <= most; mark += step) {
                marks.add(mark);
            }
            return marks;
        }
        double[] steps = most / least > 100 ? new double[] {1} : new double[] {1, 2, 5};
        for (double power = Math.pow(10, Math.floor(Math.log10(least))); power <= most; power *= 10) {
            for (double step : steps) {
                if (step * power >= least * 0.999 && step * power <= Math.max(most, 2 * least)) {
                    marks.add(step * power);
                }
            }
        }
        return marks;
    }

    private static String label(double value) {
        return value >= 1 || value == 0
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%.2g", value);
    }
}
