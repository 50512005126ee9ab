package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class JoinedFieldsTest {
    private final JoinedFields fields = new JoinedFields(4711);

    private String shown() {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < fields.size(); i++) {
            shown.append(fields.name(i)).append('=').append(fields.value(i)).append('|');
        }
        return shown.toString();
    }

    @Test
    void joinsRepeatedFieldsWhateverTheirCaseInTheOrderOfTheFirst() {
        fields.add("X-A", "1");
        fields.add("Cookie", "a=1");
        fields.add("x-a", "2");
        fields.add("cookie", "b=2");
        fields.add("X-B", "");
        fields.add("X-A", "3");
        assertEquals("X-A=1, 2, 3|Cookie=a=1; b=2|X-B=|", shown());
    }

    @Test
    void keepsAllWhenItGrows() {
        StringBuilder wanted = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            fields.add("X-" + i, "v" + i);
            wanted.append("X-").append(i).append("=v").append(i).append('|');
        }
        assertEquals(wanted.toString(), shown());
    }

    @Test
    void looksAtAFewEntriesForEachFieldThoughTheirNamesCollideInStringHashCode() {
        // Every name of pieces "Aa" and "BB" has the same String.hashCode.
        for (int i = 0; i < 4096; i++) {
            StringBuilder name = new StringBuilder();
            for (int bit = 0; bit < 12; bit++) {
                name.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            fields.add(name.toString(), "v");
        }
        assertEquals(4096, fields.size());
        assertTrue(fields.looks() < 8 * 4096, () -> "" + fields.looks());
    }
}
