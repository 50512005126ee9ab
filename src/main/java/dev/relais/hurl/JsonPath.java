package dev.relais.hurl;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The way to one value in JSON, as JSONPath (RFC 9535) writes it with names and indices alone: {@code $.items[0]['first name']}. A negative
 * index counts from the end.
 */
record JsonPath(String text, List<Object> steps) {
    private static final Pattern STEP =
            Pattern.compile("\\.([\\p{L}_][\\p{L}\\p{N}_-]*)|\\[(-?[0-9]{1,9})]|\\['([^']*)']|\\[\"([^\"]*)\"]");

    /** @throws IllegalArgumentException when it is another kind of path, or none */
    static JsonPath of(String text) {
        if (!text.startsWith("$")) {
            throw new IllegalArgumentException("a path begins with $");
        }
        List<Object> steps = new ArrayList<>();
        Matcher step = STEP.matcher(text).region(1, text.length());
        int end = 1;
        while (step.lookingAt()) {
            String index = step.group(2);
            String name = step.group(1) != null ? step.group(1) : step.group(3) != null ? step.group(3) : step.group(4);
            steps.add(index != null ? (Object) Integer.valueOf(index) : name);
            end = step.end();
            step.region(end, text.length());
        }
        if (end < text.length()) {
            throw new IllegalArgumentException("a path has names and indices only, like $.items[0].name");
        }
        return new JsonPath(text, List.copyOf(steps));
    }

    /**
     * The value at the end of the way: {@link Query#MISSING} when there is none.
     *
     * @param json as {@link io.vertx.core.json.Json} reads it
     */
    Object find(Object json) {
        Object at = json;
        for (Object step : steps) {
            if (step instanceof String name && at instanceof JsonObject object && object.containsKey(name)) {
                at = object.getValue(name);
            } else if (step instanceof Integer index && at instanceof JsonArray array) {
                int place = index < 0 ? array.size() + index : index;
                if (place < 0 || place >= array.size()) {
                    return Query.MISSING;
                }
                at = array.getValue(place);
            } else {
                return Query.MISSING;
            }
            at = at == null ? Query.NULL : at;
        }
        return at;
    }
}
