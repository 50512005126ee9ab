package dev.relais.migration;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value of JSON that knows its line.
 *
 * @param text of a scalar; null for a list, a map and null
 * @param items of a list
 * @param entries of a map
 */
record Json(int line, @Nullable String text, List<Json> items, Map<String, Json> entries) {
    private static final int DEEPEST = 40;
    private static final int LONGEST = 4_096;
    private static final int MOST_VALUES = 50_000;

    /** With comments as JavaScript has them, since Unit takes them. */
    static Json read(String mode, SourceFile file) {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEEPEST)
                        .maxStringLength(LONGEST)
                        .build())
                .build()
                .enable(JsonParser.Feature.ALLOW_COMMENTS);
        int[] left = {MOST_VALUES};
        try (JsonParser parser = factory.createParser(file.text())) {
            parser.nextToken();
            Json root = value(parser, left);
            if (parser.nextToken() != null) {
                throw file.problem(mode, line(parser), "something behind the end", "remove it");
            }
            return root;
        } catch (TooMany e) {
            throw file.problem(mode, 1, "more than " + MOST_VALUES + " values", "name the configuration of one site");
        } catch (IOException e) {
            String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            int line = e instanceof JsonProcessingException at && at.getLocation() != null
                    ? at.getLocation().getLineNr()
                    : 1;
            throw file.problem(
                    mode, line, "not JSON: " + (why.length() > 150 ? why.substring(0, 150) : why), "correct it");
        }
    }

    private static final class TooMany extends IOException {
        private static final long serialVersionUID = 1;
    }

    private static int line(JsonParser parser) {
        return parser.currentTokenLocation().getLineNr();
    }

    private static Json value(JsonParser parser, int[] left) throws IOException {
        if (--left[0] < 0) {
            throw new TooMany();
        }
        int line = line(parser);
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, Json> entries = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                entries.put(name, value(parser, left));
            }
            return new Json(line, null, List.of(), entries);
        }
        if (token == JsonToken.START_ARRAY) {
            List<Json> items = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                items.add(value(parser, left));
            }
            return new Json(line, null, items, Map.of());
        }
        return new Json(
                line, token == null || token == JsonToken.VALUE_NULL ? null : parser.getText(), List.of(), Map.of());
    }

    /** Null when there is no such entry. */
    @Nullable
    Json get(String name) {
        return entries.get(name);
    }

    /** The text of an entry; empty when there is none. */
    String text(String name) {
        Json value = entries.get(name);
        return value == null || value.text == null ? "" : value.text;
    }

    /** The texts of a list, or a text alone. */
    List<String> texts() {
        if (text != null) {
            return List.of(text);
        }
        List<String> texts = new ArrayList<>();
        items.forEach(item -> {
            if (item.text != null) {
                texts.add(item.text);
            }
        });
        return texts;
    }

    boolean isList() {
        return text == null && entries.isEmpty();
    }

    /** Short, for a comment. */
    @Override
    public String toString() {
        if (text != null) {
            return text;
        }
        return entries.isEmpty()
                ? "[" + String.join(", ", items.stream().map(Json::toString).toList()) + "]"
                : "{"
                        + String.join(
                                ", ",
                                entries.entrySet().stream()
                                        .map(e -> e.getKey() + ": " + e.getValue())
                                        .toList())
                        + "}";
    }
}
