package dev.relais.functions;

import dev.relais.ConfigurationProblem;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads {@code functions.yaml}. Every mistake is a {@link ConfigurationProblem} whose one line names file, line, key, value and
 * remedy.
 *
 * <p>Only YAML's node graph is made, never objects: the nodes know their lines, and a native executable needs no reflection.
 */
final class SettingsFile {
    static final String NAME = "functions.yaml";

    private static final int MOST_BYTES = 1 << 20;
    private static final int MOST_METHODS = 32;
    private static final String KEYS = "the keys of a function are timeout and methods";

    private final String shown;
    private final FunctionSettings defaults;

    /** @param shown the file's path as messages name it */
    private SettingsFile(String shown, FunctionSettings defaults) {
        this.shown = shown;
        this.defaults = defaults;
    }

    /**
     * @param shown the file's path as messages name it: the user's, not the mirror's
     * @throws ConfigurationProblem when the content is wrong
     * @throws IOException when the file cannot be read
     */
    static Settings read(Path file, String shown, FunctionSettings defaults) throws IOException {
        byte[] bytes;
        try (InputStream stream = Files.newInputStream(file)) {
            bytes = stream.readNBytes(MOST_BYTES + 1);
        }
        if (bytes.length > MOST_BYTES) {
            throw new ConfigurationProblem(shown, "(content)", "larger than 1 MiB", "keep it below");
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ConfigurationProblem(shown, "(content)", "not UTF-8", "save it as UTF-8");
        }
        return new SettingsFile(shown, defaults).parse(text.startsWith("\uFEFF") ? text.substring(1) : text);
    }

    private Settings parse(String text) {
        Map<String, FunctionSettings> named = new HashMap<>();
        for (NodeTuple entry : entries(compose(text), "").values()) {
            String key = ((ScalarNode) entry.getKeyNode()).getValue();
            if (!key.equals("functions")) {
                throw problem(
                        entry.getKeyNode(), key, entry.getValueNode(), "unknown key", "the only key is functions");
            }
            entries(entry.getValueNode(), key)
                    .forEach((name, function) ->
                            named.put(name, settings("functions." + name, function.getValueNode())));
        }
        return new Settings(defaults, named);
    }

    private FunctionSettings settings(String where, Node node) {
        long timeout = defaults.timeoutMillis();
        List<String> methods = null;
        for (Map.Entry<String, NodeTuple> entry : entries(node, where).entrySet()) {
            String key = where + "." + entry.getKey();
            Node value = entry.getValue().getValueNode();
            switch (entry.getKey()) {
                case "timeout" -> timeout = timeout(key, value);
                case "methods" -> methods = methods(key, value);
                default -> throw problem(entry.getValue().getKeyNode(), key, value, "unknown key", KEYS);
            }
        }
        return FunctionSettings.of(timeout, methods);
    }

    private long timeout(String key, Node node) {
        String text = node instanceof ScalarNode scalar ? scalar.getValue() : "";
        long millis = DurationText.millis(text);
        if (millis < 0 && text.matches("[0-9]{1,9}")) {
            throw problem(node, key, node, "a duration needs a unit", "write " + text + "s or " + text + "ms");
        }
        if (millis < 0) {
            throw problem(node, key, node, "not a duration", "write it like 300ms, 2s or 1m");
        }
        if (millis == 0) {
            throw problem(node, key, node, "a function needs some time", "write at least 1ms");
        }
        return millis;
    }

    private List<String> methods(String key, Node node) {
        List<String> methods = new ArrayList<>();
        if (node instanceof SequenceNode list) {
            for (Node method : list.getValue()) {
                if (!(method instanceof ScalarNode scalar)
                        || !scalar.getValue().matches("[A-Z0-9!#$%&'*+.^_`|~-]{1,32}")) {
                    throw problem(method, key, method, "not an HTTP method", "write it in upper case, like GET");
                }
                methods.add(scalar.getValue());
            }
        }
        if (methods.isEmpty() || methods.size() > MOST_METHODS) {
            throw problem(
                    node,
                    key,
                    node,
                    "not a list of 1 to " + MOST_METHODS + " HTTP methods",
                    "write it like [GET, POST]");
        }
        return methods;
    }

    /** The root node; null when there is nothing but comments. */
    private Node compose(String text) {
        LoaderOptions limits = new LoaderOptions();
        limits.setCodePointLimit(MOST_BYTES);
        limits.setMaxAliasesForCollections(10);
        limits.setNestingDepthLimit(10);
        limits.setAllowDuplicateKeys(false);
        limits.setAllowRecursiveKeys(false);
        try {
            return new Yaml(new SafeConstructor(limits)).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            String line = e.getProblemMark() == null
                    ? ""
                    : " line " + (e.getProblemMark().getLine() + 1);
            throw new ConfigurationProblem(
                    shown + line, "(content)", "not YAML: " + FunctionNames.printable(e.getProblem()), "correct it");
        } catch (YAMLException e) {
            throw new ConfigurationProblem(
                    shown, "(content)", "not YAML: " + FunctionNames.printable(e.getMessage()), "correct it");
        }
    }

    /** A mapping's entries in their order; none when the node is null or empty. */
    private Map<String, NodeTuple> entries(Node node, String where) {
        Map<String, NodeTuple> entries = new LinkedHashMap<>();
        if (node == null || node.getTag().equals(Tag.NULL)) {
            return entries;
        }
        if (!(node instanceof MappingNode mapping)) {
            throw problem(node, where, node, "not a map of keys and values", "see functions.yaml in the README");
        }
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw problem(tuple.getKeyNode(), where, tuple.getKeyNode(), "not a key", "write a plain name");
            }
            if (entries.put(key.getValue(), tuple) != null) {
                String twice = where.isEmpty() ? key.getValue() : where + "." + key.getValue();
                throw problem(key, twice, tuple.getValueNode(), "this key is there twice", "remove one");
            }
        }
        return entries;
    }

    private ConfigurationProblem problem(Node at, String key, Node value, String problem, String remedy) {
        String text = value instanceof ScalarNode scalar
                ? scalar.getValue()
                : value instanceof SequenceNode ? "[...]" : "{...}";
        String line = shown + " line " + (at.getStartMark().getLine() + 1);
        return new ConfigurationProblem(
                key.isEmpty() ? line : line + ": " + FunctionNames.printable(key),
                FunctionNames.printable(text),
                problem,
                remedy);
    }
}
