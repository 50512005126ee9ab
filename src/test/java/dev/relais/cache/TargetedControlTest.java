package dev.relais.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The grammar of dictionaries (RFC 8941 section 4.2.2): a field that breaks it is as if it were not there (RFC 9213 section 2.1). */
class TargetedControlTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "max-age=60",
                "  max-age=60",
                "max-age=60;x=1; y;z=\"a\", a",
                "max-age=60,\tb , c",
                "a=\"x\\\"y\\\\\", max-age=60",
                "a=:AAA+/=:, max-age=60",
                "a=::, max-age=60",
                "a=?0, b=?1, max-age=60",
                "a=(1 2;q=1 \"x\" tok), max-age=60",
                "a=(), b=( 1 ), c=(1;x;y=2), max-age=60",
                "*k_1-.*=1, max-age=60",
                "a=-1, b=1.5, c=-0.125, d=123456789012.123, e=123456789012345, max-age=60",
                "a=Tok/en:*!#$%&'*+-.^_`|~9, b=*t, max-age=60",
                "max-age=1, max-age=60",
            })
    void whatIsADictionaryIsRead(String value) {
        CacheControl control = TargetedControl.parse(value);
        assertNotNull(control);
        assertEquals(60, control.get(CacheControl.Seconds.MAX_AGE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "A",
                "1=2",
                "-a",
                ",a",
                "max-age=60,",
                "max-age=60 60",
                "max-age = 60",
                "a=",
                "a=;b",
                "a=\"x",
                "a=\"\\x\"",
                "a=\"\u00e4\"",
                "a=\"\u0007\"",
                "a=\"\u007f\"",
                "a=\"x\\",
                "a=?2",
                "a=?",
                "a=:AA",
                "a=:A A:",
                "a=1234567890123456",
                "a=-",
                "a=--1",
                "a=1.",
                "a=1.2345",
                "a=1234567890123.1",
                "a=(1",
                "a=(1\"x\")",
                "a=(1,2)",
                "a={}",
                "a;=1",
                "a;",
                "a;b=",
                "a=(1;)",
                "a=1;B",
                "a=@",
                "max-age=60\u00e4",
            })
    void whatIsNoneIsNotThere(String value) {
        assertNull(TargetedControl.parse(value), value);
        assertNull(TargetedControl.of(List.of("CDN-Cache-Control", value), List.of("cdn-cache-control")), value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"max-age=\"60\"", "max-age=60.5", "max-age=(60)", "max-age=tok", "max-age=?1", "max-age"})
    void aNumberOfAnotherTypeIsNoValidValue(String value) {
        CacheControl control = TargetedControl.parse(value);
        assertNotNull(control);
        assertTrue(control.get(CacheControl.Seconds.MAX_AGE) < 0, value);
    }

    @Test
    void theFirstTargetThatAppliesCountsAndItsLinesAreJoined() {
        List<String> fields =
                List.of("a-control", "max-age=", "B-Control", "no-store", "b-control", "max-age=5, private=\"x\"");
        CacheControl control = TargetedControl.of(fields, List.of("A-Control", "B-Control"));
        assertNotNull(control);
        assertEquals(5, control.get(CacheControl.Seconds.MAX_AGE));
        assertTrue(control.has(CacheControl.Flag.NO_STORE));
        assertEquals(List.of("x"), List.copyOf(control.privateFields()));
        assertNull(TargetedControl.of(fields, List.of("C-Control")));
    }
}
