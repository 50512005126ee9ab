package dev.relais.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContextFieldsTest {
    private static String list(int members) {
        return IntStream.range(0, members).mapToObj(i -> "k" + i + "=v").collect(Collectors.joining(","));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=1", "a=1,b=2", "tenant@vendor=x", "1a_-*/=!"})
    void aStateThatIsWellFormedStaysAsItIs(String list) {
        assertEquals(list, ContextFields.state(List.of(list)));
    }

    @Test
    void severalFieldsAreOneList() {
        assertEquals("a=1,b=2,c=3", ContextFields.state(List.of(" a=1 ,, b=2\t", "c=3")));
        assertEquals("a=1,b=2", ContextFields.baggage(List.of("a=1", "b=2")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ",", "a", "=1", "a=", "A=1", "a=1,b", "a=1,a=2", "a=1=2", "a=\u00e4", "\u00e4=1", "@=1"})
    void anyOtherStateIsNone(String list) {
        assertNull(ContextFields.state(List.of(list)));
    }

    @Test
    void aStateHasUpTo32Members() {
        assertNotNull(ContextFields.state(List.of(list(32))));
        assertNull(ContextFields.state(List.of(list(33))));
        assertNull(ContextFields.state(List.of("k=" + "v".repeat(257))));
        assertNull(ContextFields.state(List.of("k".repeat(257) + "=v")));
    }

    @Test
    void ofBaggageTheMembersThatAreWellFormedAreKept() {
        assertEquals(
                "a=1,b = 2;p=1;q,e=%20",
                ContextFields.baggage(List.of("a=1,b = 2;p=1;q,c,d=\",=x,e=%20,f g=1,h=\\,i=\u00e4")));
        assertNull(ContextFields.baggage(List.of("none,=x")));
    }

    @Test
    void baggageHasUpTo64MembersAnd8192Bytes() {
        assertEquals(list(64), ContextFields.baggage(List.of(list(200))));
        String big = "b=" + "x".repeat(8190);
        assertEquals(big, ContextFields.baggage(List.of(big + ",a=1")));
        assertEquals("a=1", ContextFields.baggage(List.of(big + "x,a=1")));
    }
}
