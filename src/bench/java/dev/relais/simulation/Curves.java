package dev.relais.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The numbers of one chart as a table with semicolons: a line for each curve and step. {@code src/bench/simulate} draws it. */
final class Curves {
    private Curves() {}

    /** @param curves by their names, each with one outcome for each step */
    static void write(Path file, List<String> steps, Map<String, List<Outcome>> curves) throws IOException {
        StringBuilder text = new StringBuilder("curve;step;p50 ms;p99 ms;waste %\n");
        curves.forEach((name, outcomes) -> {
            for (int i = 0; i < steps.size(); i++) {
                Outcome outcome = outcomes.get(i);
                text.append(String.format(
                        Locale.ROOT,
                        "%s;%s;%.2f;%.2f;%.3f%n",
                        name,
                        steps.get(i),
                        outcome.p50(),
                        outcome.p99(),
                        outcome.waste()));
            }
        });
        Files.writeString(file, text);
    }
}
