package dev.relais.documentation;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The meters of the table in metrics-and-health.md, which {@link DocumentedMetersTest} compares with a running gateway.
 *
 * @param labels for each sample that Prometheus gets, its labels and of each the values that it may have; none of a label whose values depend
 *     on what runs
 */
public record DocumentedMeters(Map<String, Map<String, Set<String>>> labels) {
    private static final Pattern LABEL = Pattern.compile("`(\\w+)`(?:: (`[^;]+`))?");

    public static DocumentedMeters read() {
        Map<String, Map<String, Set<String>>> samples = new TreeMap<>();
        for (List<String> row : new GeneratedTable("metrics-and-health.md", "meters", 0).rows()) {
            String name = row.get(0).replace("`", "");
            Map<String, Set<String>> labels = labels(row.get(2));
            if (row.get(1).equals("histogram")) {
                samples.put(name + "_count", labels);
                samples.put(name + "_sum", labels);
                Map<String, Set<String>> ofBuckets = new TreeMap<>(labels);
                ofBuckets.put("le", Set.of());
                samples.put(name + "_bucket", ofBuckets);
            } else {
                samples.put(name, labels);
            }
        }
        return new DocumentedMeters(samples);
    }

    private static Map<String, Set<String>> labels(String cell) {
        Map<String, Set<String>> labels = new TreeMap<>();
        for (String part : cell.isEmpty() ? new String[0] : cell.split("; ")) {
            Matcher label = LABEL.matcher(part);
            if (!label.matches()) {
                throw new AssertionError("this is no label: " + part);
            }
            labels.put(
                    label.group(1),
                    label.group(2) == null
                            ? Set.of()
                            : new TreeSet<>(
                                    List.of(label.group(2).replace("`", "").split(", "))));
        }
        return labels;
    }

    /** The names of all samples. */
    public Set<String> samples() {
        return labels.keySet();
    }
}
