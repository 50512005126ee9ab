package dev.relais.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.relais.documentation.DocumentedMeters;
import dev.relais.documentation.GeneratedTable;
import dev.relais.monitoring.Expression.Matches;
import dev.relais.monitoring.Expression.Selector;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** That rules and dashboard ask for what there is, and that each alert is tested and told of. */
class MonitoringTest {
    /** Labels that Prometheus puts to each sample, and those of its own ALERTS. */
    private static final Set<String> OF_PROMETHEUS =
            Set.of("job", "instance", "namespace", "pod", "alertname", "alertstate", "severity");

    private static final Set<String> UNITS =
            Set.of("reqps", "percentunit", "s", "short", "bytes", "Bps"); // as Grafana names them

    private static final Pattern NAMED_LABEL = Pattern.compile("\\{\\{ ?(?:\\$labels\\.)?(\\w+) ?}}");
    private static final Pattern TESTED = Pattern.compile("alertname[=:] ?\"?(\\w+)");

    private final Rules rules = Rules.read();
    private final Dashboard dashboard = Dashboard.read();
    private final DocumentedMeters meters = DocumentedMeters.read();

    private List<Expression> expressions() {
        List<String> all = new ArrayList<>(rules.expressions());
        all.addAll(dashboard.expressions());
        assertTrue(all.size() > 80, "only " + all.size());
        return all.stream().map(Expression::parse).toList();
    }

    @Test
    void everyMeterOfRelaisThatIsAskedForIsThere() {
        for (Expression expression : expressions()) {
            for (Selector selector : expression.selectors()) {
                String name = selector.metric();
                if (name.startsWith("relais:")) {
                    assertTrue(rules.recorded().contains(name), name + " is not recorded");
                } else if (name.startsWith("relais_")) {
                    assertTrue(meters.samples().contains(name), name + " is no meter");
                }
            }
        }
    }

    @Test
    void everyLabelThatIsDemandedIsThereAndMayHaveTheValue() {
        for (Expression expression : expressions()) {
            Set<String> labels = new HashSet<>(OF_PROMETHEUS);
            boolean allKnown = true;
            for (Selector selector : expression.selectors()) {
                Map<String, Set<String>> of = meters.labels().get(selector.metric());
                allKnown &= of != null || selector.metric().startsWith("relais:");
                if (of != null) {
                    labels.addAll(of.keySet());
                    selector.matchers().forEach(matcher -> assertPossible(selector.metric(), of, matcher));
                }
            }
            if (allKnown) {
                assertTrue(labels.containsAll(expression.grouping()), expression + " has no such label");
            }
        }
    }

    private static void assertPossible(String metric, Map<String, Set<String>> labels, Matches matcher) {
        if (OF_PROMETHEUS.contains(matcher.label())) {
            return;
        }
        Set<String> possible = labels.get(matcher.label());
        assertTrue(possible != null, metric + " has no label " + matcher.label());
        if (!possible.isEmpty()) {
            for (String value : matcher.value().split("\\|")) {
                assertTrue(possible.contains(value), metric + " never has " + matcher);
            }
        }
    }

    @Test
    void everyAlertSaysHowMuchItMattersWhatIsAndWhatToDo() {
        Set<String> names = new HashSet<>();
        for (Map<String, Object> alert : rules.alerts()) {
            String name = (String) alert.get("alert");
            assertTrue(name.startsWith("Relais") && names.add(name), name);
            assertTrue(Set.of("critical", "warning").contains(Rules.severity(alert)), name);
            assertTrue(Rules.annotation(alert, "summary").length() > 20, name);
            assertTrue(Rules.annotation(alert, "description").endsWith("."), name);
        }
        assertTrue(names.size() > 15, "only " + names.size());
    }

    @Test
    void aSummaryNamesLabelsThatItsExpressionKeeps() {
        for (Map<String, Object> alert : rules.alerts()) {
            Expression expression = Expression.parse((String) alert.get("expr"));
            Set<String> there = new HashSet<>(OF_PROMETHEUS);
            expression
                    .selectors()
                    .forEach(selector -> there.addAll(meters.labels()
                            .getOrDefault(selector.metric(), Map.of())
                            .keySet()));
            if (((String) alert.get("expr")).contains("without")) {
                there.removeAll(expression.grouping());
            }
            Matcher label =
                    NAMED_LABEL.matcher(Rules.annotation(alert, "summary").replaceAll("\\{\\{ ?\\$value[^}]*}}", ""));
            while (label.find()) {
                assertTrue(there.contains(label.group(1)), alert.get("alert") + " has no " + label.group());
            }
        }
    }

    @Test
    void promtoolTriesEveryAlert() throws IOException {
        Set<String> tried = new TreeSet<>();
        Matcher test = TESTED.matcher(Files.readString(Rules.TESTS));
        while (test.find()) {
            tried.add(test.group(1));
        }
        Set<String> alerts = new TreeSet<>();
        rules.alerts().forEach(alert -> alerts.add((String) alert.get("alert")));
        assertEquals(alerts, tried);
    }

    @Test
    void theTableOfAlertsIsThatOfTheRules() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (Map<String, Object> alert : rules.alerts()) {
            rows.add(List.of(
                    "`" + alert.get("alert") + "`",
                    Rules.severity(alert),
                    alert.containsKey("for") ? (String) alert.get("for") : "",
                    "`" + ((String) alert.get("expr")).replaceAll("\\s+", " ").replace("|", "\\|") + "`",
                    Rules.annotation(alert, "description")));
        }
        new GeneratedTable("metrics-and-health.md", "alerts", 0).assertHas(rows);
    }

    @Test
    void thePanelsLieBesideEachOtherAndAreWhatGrafanaKnows() {
        Set<Integer> ids = new HashSet<>();
        Set<String> cells = new HashSet<>();
        for (JsonNode panel : dashboard.panels()) {
            String title = panel.get("title").asText();
            assertTrue(ids.add(panel.get("id").asInt()), title);
            JsonNode place = panel.get("gridPos");
            int right = place.get("x").asInt() + place.get("w").asInt();
            assertTrue(right <= 24, title); // the width of Grafana's grid
            for (int x = place.get("x").asInt(); x < right; x++) {
                for (int y = 0; y < place.get("h").asInt(); y++) {
                    assertTrue(cells.add(x + " " + (place.get("y").asInt() + y)), title + " lies on another");
                }
            }
            String type = panel.get("type").asText();
            if (!type.equals("row")) {
                assertTrue(Set.of("timeseries", "stat").contains(type), type);
                assertTrue(UNITS.contains(panel.at("/fieldConfig/defaults/unit").asText()), title);
                assertTargets(panel, title);
            }
        }
    }

    private static void assertTargets(JsonNode panel, String title) {
        assertFalse(panel.get("targets").isEmpty(), title);
        Set<String> refs = new HashSet<>();
        for (JsonNode target : panel.get("targets")) {
            assertTrue(refs.add(target.get("refId").asText()), title);
            assertEquals("${datasource}", target.at("/datasource/uid").asText(), title);
            Expression expression = Expression.parse(target.get("expr").asText());
            Matcher named = NAMED_LABEL.matcher(target.get("legendFormat").asText());
            while (named.find()) {
                String label = named.group(1);
                boolean kept = expression.grouping().isEmpty() // a plain selector, which keeps all
                        || expression.grouping().contains(label);
                assertTrue(kept, title + ": the legend names " + label);
            }
        }
    }
}
