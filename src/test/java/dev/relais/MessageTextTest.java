package dev.relais;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTextTest {
    private static String oneLine(String message) {
        return LogText.escape(MessageText.withoutBreaks(message));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"a\":1}",
                "{\n    \"a\": 1,\r\n\t\"b\": [\n1,\n\n2]\n}",
                "[\n{\"text\": \"line one\\nline two\\ttab \\\\n \\\" } ]\"}\n]\n",
                "{\n\"odd\": \"\u202egpj.exe \u0085 \u2028 \ud83d\ude00 \ud800\"\n}",
                "{\"deep\":\n{\"deep\":\n{\"deep\":\n[[[{}]]]}}}"
            })
    void jsonIsJsonOfTheSameValueOnOneLine(String json) {
        String line = oneLine(json);
        assertFalse(line.contains("\n") || line.contains("\r") || line.contains("\t"), line);
        assertEquals(Json.decodeValue(json), Json.decodeValue(line));
    }

    @Test
    void aLongOneIsJsonToo() {
        JsonObject value = new JsonObject();
        for (int i = 0; value.encode().length() < 256 << 10; i++) {
            value.put("key " + i, "line one\nline two \u202e".repeat(200));
        }
        assertEquals(value, new JsonObject(oneLine(value.encodePrettily())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\nno json\n}",
                "[2026-11-29]\nan array is not meant by this ]",
                "{\"a\": \"a line break\nin a text\"}",
                "{\"cut\": 1,\n... (7 more bytes)",
                "{\"a\":\n1} and }",
                "first\nsecond\ttab",
                "[\n",
                "{"
            })
    void whatIsNoJsonKeepsItsLineBreaksAsEscapes(String text) {
        assertEquals(text.stripTrailing().replace("\n", "\\n").replace("\t", "\\t"), oneLine(text));
    }
}
