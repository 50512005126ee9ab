package dev.relais.simulation;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Outcomes as Markdown: a row for each scenario, a column for each rule, "p50 / p99 / waste" in each cell. */
final class Tables {
    private final StringBuilder text = new StringBuilder();

    void say(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values));
    }

    void add(String title, List<String> labels, Map<String, List<Outcome>> outcomes) {
        say("%n## %s%n%n| p50 ms / p99 ms / waste %% |", title);
        outcomes.keySet().forEach(rule -> say(" %s |", rule));
        say("%n| --- |%s%n", " ---: |".repeat(outcomes.size()));
        for (int row = 0; row < labels.size(); row++) {
            say("| %s |", labels.get(row));
            for (List<Outcome> ofRule : outcomes.values()) {
                Outcome outcome = ofRule.get(row);
                say(" %,.0f / %,.0f / %.1f |", outcome.p50(), outcome.p99(), outcome.waste());
            }
            say("%n");
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
