package dev.relais.monitoring;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;

/**
 * The rules in {@code rules.yaml}.
 *
 * @param rules each as it is read from YAML
 */
record Rules(List<Map<String, Object>> rules) {
    static final Path FILE = Path.of("src/main/prometheus/rules.yaml");
    /** What promtool has to find out. */
    static final Path TESTS = Path.of("src/test/prometheus/rules-test.yaml");

    static Rules read() {
        List<Map<String, Object>> rules = new ArrayList<>();
        try (Reader reader = Files.newBufferedReader(FILE)) {
            Map<String, List<Map<String, List<Map<String, Object>>>>> file = new Yaml().load(reader);
            file.get("groups").forEach(group -> rules.addAll(group.get("rules")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Rules(rules);
    }

    List<Map<String, Object>> alerts() {
        return rules.stream().filter(rule -> rule.containsKey("alert")).toList();
    }

    /** The names of what is recorded. */
    List<String> recorded() {
        return rules.stream()
                .filter(rule -> rule.containsKey("record"))
                .map(rule -> (String) rule.get("record"))
                .toList();
    }

    List<String> expressions() {
        return rules.stream().map(rule -> (String) rule.get("expr")).toList();
    }

    static String annotation(Map<String, Object> alert, String name) {
        return alert.get("annotations") instanceof Map<?, ?> map ? (String) map.get(name) : null;
    }

    static String severity(Map<String, Object> alert) {
        return alert.get("labels") instanceof Map<?, ?> map ? (String) map.get("severity") : null;
    }
}
