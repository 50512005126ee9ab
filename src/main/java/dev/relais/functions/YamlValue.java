package dev.relais.functions;

import dev.relais.ConfigurationProblem;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
 * A value in a YAML file. It knows its key and its line, so that a message of one line can describe what is wrong with it.
 *
 * <p>The parser builds only YAML's node graph and never Java objects. So a file cannot create any, and a native executable
 * needs no reflection.
 */
final class YamlValue {
    private final String file;
    private final String key;
    private final @Nullable Node keyNode; // the value itself where it has no key: the root, and the items of a list
    private final @Nullable Node node; // null for an empty file

    private YamlValue(String file, String key, @Nullable Node keyNode, @Nullable Node node) {
        this.file = file;
        this.key = key;
        this.keyNode = keyNode;
        this.node = node;
    }

    /**
     * The root of a file.
     *
     * @param file its path as messages name it
     * @param mostChars the most characters; a longer text is refused
     * @throws ConfigurationProblem when the text is not YAML
     */
    static YamlValue parse(String file, String text, int mostChars) {
        LoaderOptions limits = new LoaderOptions();
        limits.setCodePointLimit(mostChars);
        limits.setMaxAliasesForCollections(10);
        limits.setNestingDepthLimit(12);
        limits.setAllowDuplicateKeys(false);
        limits.setAllowRecursiveKeys(false);
        try {
            Node root = new Yaml(new SafeConstructor(limits)).compose(new StringReader(text));
            return new YamlValue(file, "", root, root);
        } catch (MarkedYAMLException e) {
            String line = e.getProblemMark() == null
                    ? ""
                    : " line " + (e.getProblemMark().getLine() + 1);
            throw notYaml(file + line, e.getProblem());
        } catch (YAMLException e) {
            throw notYaml(file, e.getMessage());
        }
    }

    private static ConfigurationProblem notYaml(String where, @Nullable String problem) {
        return new ConfigurationProblem(
                where, "(content)", "not YAML: " + FunctionNames.printable(problem), "correct it");
    }

    /** A scalar as it is written, without its quotes; empty when this is a list or a map. */
    String text() {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    /** The items of a list, which have the list's key; empty when this is no list. */
    List<YamlValue> items() {
        List<YamlValue> items = new ArrayList<>();
        if (node instanceof SequenceNode list) {
            list.getValue().forEach(item -> items.add(new YamlValue(file, key, item, item)));
        }
        return items;
    }

    /** Whether this is no value at all, or written as null. */
    boolean isNull() {
        return node == null || node.getTag().equals(Tag.NULL);
    }

    /** Whether this is one value, and neither nothing, a list nor a map. */
    boolean isText() {
        return node instanceof ScalarNode && !isNull();
    }

    /** Whether this is a list, with or without items. */
    boolean isList() {
        return node instanceof SequenceNode;
    }

    /** Whether this is a list without items. */
    boolean isEmptyList() {
        return node instanceof SequenceNode list && list.getValue().isEmpty();
    }

    /** The entries of a map in their order; empty when there is no value. */
    Map<String, YamlValue> entries() {
        Map<String, YamlValue> entries = new LinkedHashMap<>();
        if (node == null || node.getTag().equals(Tag.NULL)) {
            return entries;
        }
        if (!(node instanceof MappingNode mapping)) {
            throw problem("not a map of keys and values", "see src/docs/functions-yaml.md");
        }
        for (NodeTuple tuple : mapping.getValue()) {
            Node name = tuple.getKeyNode();
            if (!(name instanceof ScalarNode scalar)) {
                throw new YamlValue(file, key, name, name).problem("not a key", "write a plain name");
            }
            String below = key.isEmpty() ? scalar.getValue() : key + "." + scalar.getValue();
            YamlValue value = new YamlValue(file, below, name, tuple.getValueNode());
            if (entries.put(scalar.getValue(), value) != null) {
                throw value.keyProblem("this key is there twice", "remove one");
            }
        }
        return entries;
    }

    /** Where this is in the file, such as {@code sites.shop.pool}. */
    String key() {
        return key;
    }

    /** A problem with the value, which names the value's line. */
    ConfigurationProblem problem(String problem, String remedy) {
        return problem(node, problem, remedy);
    }

    /** A problem with the key, which names the key's line. */
    ConfigurationProblem keyProblem(String problem, String remedy) {
        return problem(keyNode, problem, remedy);
    }

    private ConfigurationProblem problem(@Nullable Node at, String problem, String remedy) {
        String value = node instanceof ScalarNode ? text() : node instanceof SequenceNode ? "[...]" : "{...}";
        String line = at == null ? file : file + " line " + (at.getStartMark().getLine() + 1);
        return new ConfigurationProblem(
                key.isEmpty() ? line : line + ": " + FunctionNames.printable(key),
                FunctionNames.printable(value),
                problem,
                remedy);
    }
}
