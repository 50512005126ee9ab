package dev.relais.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The grammar of W3C Trace Context, section 3.2. */
class TraceParentTest {
    private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7";

    @ParameterizedTest
    @ValueSource(strings = {"00-" + ID + "-00", "00-" + ID + "-01"})
    void whatIsReadCanBeWritten(String value) {
        assertEquals(value, TraceParent.parse(value).text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"03", "0b", "ff"})
    void onlyTheFirstFlagIsKnown(String flags) {
        assertEquals(
                "00-" + ID + "-01", TraceParent.parse("00-" + ID + "-" + flags).text());
    }

    @Test
    void aLaterVersionMayHaveMore() {
        assertEquals(
                "00-" + ID + "-01",
                TraceParent.parse("cc-" + ID + "-01-what.comes").text());
        assertEquals("00-" + ID + "-00", TraceParent.parse("01-" + ID + "-00").text());
        assertNull(TraceParent.parse("cc-" + ID + "-01.what"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "00-" + ID,
                "00-" + ID + "-0",
                "00-" + ID + "-0x",
                "00-" + ID + "-01-",
                "00-" + ID + "-001",
                "ff-" + ID + "-01",
                "0-" + ID + "-001",
                "0O-" + ID + "-01",
                "00_" + ID + "-01",
                "00-4bf92f3577b34da6a3ce929d0e0e473600f067aa0ba902b7--01",
                "00-4bf92f3577b34da6a3ce929d0e0e473G-00f067aa0ba902b7-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"
            })
    void otherTextIsNone(String value) {
        assertNull(TraceParent.parse(value));
    }
}
