package dev.relais.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What somebody has set stays, except that a Vary is one more condition. */
class SetFieldsTest {
    @Test
    void aFieldIsSetWhereNobodyHasSetIt() {
        assertEquals(List.of("A", "1", "B", "2"), SetFields.in(List.of("A", "1"), Map.of("B", "2")));
        assertEquals(List.of("A", "1"), SetFields.in(List.of("A", "1"), Map.of("a", "2")));
    }

    @Test
    void anEmptyValueRemovesAllOfThatName() {
        assertEquals(List.of("B", "2"), SetFields.in(List.of("A", "1", "B", "2", "a", "3"), Map.of("A", "")));
        assertEquals(List.of(), SetFields.in(List.of("Vary", "Cookie"), Map.of("Vary", "")));
        assertEquals(List.of(), SetFields.in(List.of(), Map.of("A", "")));
    }

    @Test
    void aVaryAddsToAnother() {
        List<String> coded = List.of("Vary", "Accept-Encoding");
        assertEquals(
                List.of("Vary", "Accept-Encoding", "vary", "Origin"), SetFields.in(coded, Map.of("vary", "Origin")));
        assertEquals(coded, SetFields.in(coded, Map.of("Vary", "accept-encoding")));
        List<String> both = List.of("Vary", "Origin", "Vary", "Accept-Encoding");
        assertEquals(both, SetFields.in(both, Map.of("Vary", "Origin")));
        assertEquals(both, SetFields.in(both, Map.of("Vary", "Accept-Encoding")));
    }

    @Test
    void nothingChangesWithoutAWish() {
        List<String> fields = List.of("A", "1");
        assertSame(fields, SetFields.in(fields, Map.of()));
    }
}
