package dev.relais.slot;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.relais.LogText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a child tells of a request that has left something behind, in one line of JSON. PHP code has written it, which may write anything:
 * of more findings, or names of what was put back, than {@value #MOST} only the first are taken, unknown members are passed over, and what
 * is no such JSON is one finding of the kind {@link Leftover.Kind#OTHER}. What is said to be only {@value #INITIALISED} is none: a static,
 * say, that its first user has filled. Immutable.
 *
 * @param findings what it has left
 * @param put what else it had changed, which was put back; bounded, and with what is hidden in it escaped
 * @param strict whether the child ends for it
 */
record LeftoverLine(List<Leftover> findings, List<String> put, boolean strict) {
    static final int MOST = 20;

    private static final String INITIALISED = "initialised";

    private static final int LONGEST = 64 << 10;
    private static final int LONGEST_NAME = 200;
    /** It keeps no names of members: in an executable they would stay for good. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    LeftoverLine {
        findings = List.copyOf(findings);
        put = List.copyOf(put);
    }

    /** @param json such as <code>{"put":[],"left":[{"kind":"static","name":"A::$b","text":"grew"}],"strict":true}</code> */
    static LeftoverLine of(String json) {
        if (json.length() > LONGEST) {
            return unreadable("is longer than " + LONGEST + " characters");
        }
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return unreadable("is no JSON object");
            }
            return read(parser);
        } catch (IOException e) {
            return unreadable("is no JSON");
        }
    }

    private static LeftoverLine unreadable(String why) {
        return new LeftoverLine(
                List.of(new Leftover(Leftover.Kind.OTHER, "what the child has told", why)), List.of(), false);
    }

    private static LeftoverLine read(JsonParser parser) throws IOException {
        List<Leftover> findings = new ArrayList<>();
        List<String> put = new ArrayList<>();
        boolean strict = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("left") && value == JsonToken.START_ARRAY) {
                readFindings(parser, findings);
            } else if (name.equals("put") && value == JsonToken.START_ARRAY) {
                readPut(parser, put);
            } else if (name.equals("strict")) {
                strict = value == JsonToken.VALUE_TRUE;
                parser.skipChildren();
            } else {
                parser.skipChildren();
            }
        }
        return new LeftoverLine(findings, put, strict);
    }

    private static void readPut(JsonParser parser, List<String> put) throws IOException {
        for (JsonToken token = parser.nextToken();
                token != null && token != JsonToken.END_ARRAY;
                token = parser.nextToken()) {
            if (token == JsonToken.VALUE_STRING && put.size() < MOST) {
                put.add(LogText.escape(parser.getText(), LONGEST_NAME));
            } else {
                parser.skipChildren();
            }
        }
    }

    private static void readFindings(JsonParser parser, List<Leftover> findings) throws IOException {
        for (JsonToken token = parser.nextToken();
                token != null && token != JsonToken.END_ARRAY;
                token = parser.nextToken()) {
            if (token == JsonToken.START_OBJECT && findings.size() < MOST) {
                readFinding(parser, findings);
            } else {
                parser.skipChildren();
            }
        }
    }

    private static void readFinding(JsonParser parser, List<Leftover> findings) throws IOException {
        String kind = "";
        String called = "";
        String text = "";
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            String value = parser.nextToken() == JsonToken.VALUE_STRING ? parser.getText() : "";
            parser.skipChildren();
            switch (name) {
                case "kind" -> kind = value;
                case "name" -> called = value;
                case "text" -> text = value;
                default -> {} // a later version may tell more
            }
        }
        if (!kind.equals(INITIALISED)) {
            findings.add(Leftover.of(kind, called, text));
        }
    }
}
