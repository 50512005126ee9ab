package dev.relais.kubernetes;

import java.util.List;
import java.util.Map;

/**
 * A value in a manifest.
 *
 * @param path where it stands, for messages
 * @param value null when nothing stands there
 */
record Node(String path, Object value) {
    /** @param keys of maps, the outermost first */
    Node at(String... keys) {
        Node node = this;
        for (String key : keys) {
            Object next = node.value instanceof Map<?, ?> map ? map.get(key) : null;
            node = new Node(node.path + "." + key, next);
        }
        return node;
    }

    /** The members of a list; none when nothing stands there. */
    List<Node> each() {
        return value == null
                ? List.of()
                : ((List<?>) value)
                        .stream().map(member -> new Node(path + "[]", member)).toList();
    }

    /** The member of a list that has this value at the key. */
    Node with(String key, Object wanted) {
        return each().stream()
                .filter(member -> wanted.equals(member.at(key).value))
                .findFirst()
                .orElseThrow(() -> new AssertionError(path + " has no member whose " + key + " is " + wanted));
    }

    String text() {
        return there().toString();
    }

    long number() {
        return ((Number) there()).longValue();
    }

    Map<?, ?> map() {
        return (Map<?, ?>) there();
    }

    private Object there() {
        if (value == null) {
            throw new AssertionError("there is no " + path);
        }
        return value;
    }
}
