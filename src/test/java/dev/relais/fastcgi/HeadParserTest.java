package dev.relais.fastcgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadParserTest {
    private static ResponseHead parse(String head) throws HeadParser.Invalid {
        ResponseHead first = null;
        HeadParser parser = new HeadParser(64 * 1024);
        byte[] bytes = (head + "BODY\n\n").getBytes(StandardCharsets.ISO_8859_1);
        for (List<ByteBuf> pieces : Wire.splits(bytes)) {
            parser.reset();
            int taken = 0;
            for (ByteBuf piece : pieces) {
                if (!parser.complete()) {
                    taken += parser.feed(piece, 0, piece.readableBytes());
                }
            }
            assertEquals(head.length(), taken);
            ResponseHead parsed = parser.parse();
            first = first == null ? parsed : first;
            assertEquals(first, parsed);
        }
        return first;
    }

    private static void invalid(String head) {
        assertThrows(HeadParser.Invalid.class, () -> parse(head), head);
    }

    @Test
    void takesLinesEndedByLfOrCrLf() throws HeadParser.Invalid {
        List<String> fields = List.of("A", "1", "B", "2");
        assertEquals(fields, parse("A: 1\r\nB: 2\r\n\r\n").fields());
        assertEquals(fields, parse("A: 1\nB: 2\n\n").fields());
        assertEquals(fields, parse("A: 1\r\nB: 2\n\r\n").fields());
        assertEquals(fields, parse("A:1\nB: \t 2 \t\r\n\n").fields());
    }

    @Test
    void keepsRepeatedFieldsInOrder() throws HeadParser.Invalid {
        ResponseHead head = parse("Set-Cookie: a=1\r\nX: y\r\nset-cookie: b=2\r\nSet-Cookie: a=1\r\n\r\n");
        assertEquals(List.of("Set-Cookie", "a=1", "X", "y", "set-cookie", "b=2", "Set-Cookie", "a=1"), head.fields());
        assertEquals("a=1", head.first("SET-COOKIE"));
        assertNull(head.first("Y"));
    }

    @ParameterizedTest
    @CsvSource({
        "'X: y', 200",
        "'Status: 404 Not Found', 404",
        "'status:201', 201",
        "'Status: 999', 999",
        "'Location: /x', 302",
        "'location: http://a/', 302",
        "'Status: 201 Created\nLocation: /x', 201",
        "'Location: /x\nSTATUS: 307', 307",
        "'Status: 404\nStatus: 410 Gone', 410",
    })
    void takesTheStatusFromStatusThenLocation(String lines, int status) throws HeadParser.Invalid {
        ResponseHead head = parse(lines + "\n\n");
        assertEquals(status, head.status());
        assertNull(head.first("Status"));
    }

    @ParameterizedTest
    @CsvSource({
        "'X: y', OK",
        "'Location: /x', Found",
        "'Status: 404 Gone Fishing', Gone Fishing",
        "'Status: 418', ''",
        "'Status: 418 ', ''",
        "'Status: 200OK', OK",
    })
    void takesTheReasonFromStatusAsItIs(String lines, String reason) throws HeadParser.Invalid {
        assertEquals(reason, parse(lines + "\n\n").reason());
    }

    @Test
    void leavesOutAContentTypeThatSaysNothing() throws HeadParser.Invalid {
        assertEquals(
                List.of("X-Empty", ""), parse("Content-Type:\nX-Empty:\n\n").fields());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "20", "2000", "abc", "-20", "1000", "099", "42 Nope", "2 0", "+200", "20\u00b2"})
    void refusesAStatusThatIsNone(String value) {
        invalid("Status: " + value + "\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"100 Continue", "101 Switching Protocols", "103 Early Hints", "199"})
    void anInterimStatusIsLeftOutSinceItIsNoAnswer(String value) throws HeadParser.Invalid {
        ResponseHead head = parse("Status: " + value + "\r\nLink: </a>\r\n\r\n");
        assertEquals(200, head.status());
        assertEquals(List.of("Link", "</a>"), head.fields());
        assertNotNull(head.oddity());
        assertEquals(404, parse("Status: 404\nStatus: " + value + "\n\n").status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no field",
                "nofield",
                ": x",
                "A B: x",
                "A : x",
                "A(: x",
                "\u00c4: x",
                "A\0: x",
                "A\t: x",
                "A: x\ry",
                "A: x\0y",
                "A: x\u0001",
                "A: x\u007f",
                "A: x\u001b[0m",
                "A: x\u000b",
                "<b>Warning</b>: x",
                "A: x\r\r",
                "A: x\n y\0z",
                "A: x\0\n y",
                "A B: x\n folded",
                "\r: x",
                "\0",
                "Status : 404",
                "Status: 404\u0001"
            })
    void leavesOutWhatNoClientMaySeeAndKeepsTheAnswer(String line) throws HeadParser.Invalid {
        assertOdd(List.of(), line + "\r\n\r\n");
        assertOdd(List.of("Good", "one", "Other", "two"), "Good: one\r\n" + line + "\r\nOther: two\r\n\r\n");
    }

    private static void assertOdd(List<String> fields, String text) throws HeadParser.Invalid {
        ResponseHead head = parse(text);
        assertEquals(200, head.status());
        assertEquals(fields, head.fields());
        assertNotNull(head.oddity());
    }

    @ParameterizedTest
    @ValueSource(strings = {" first: x", "\tA: x", " "})
    void leavesOutALineThatGoesOnWithNothing(String line) throws HeadParser.Invalid {
        assertOdd(List.of("Good", "one"), line + "\r\nGood: one\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "'A: x\n folded', x folded",
        "'A: x\r\n\tfolded\r\n  twice ', x folded twice",
        "'A:\n late', late",
        "'A: x\n : y', x : y"
    })
    void joinsTheLinesOfAFoldedValueByASpace(String lines, String value) throws HeadParser.Invalid {
        ResponseHead head = parse(lines + "\r\nB: 2\r\n\r\n");
        assertEquals(List.of("A", value, "B", "2"), head.fields());
        assertNull(head.oddity());
    }

    @Test
    void aHeadAsItShouldBeHasNoOddity() throws HeadParser.Invalid {
        assertNull(parse("Status: 200OK\r\nA: \u00e4\r\nContent-Type:\r\n\r\n").oddity());
    }

    @Test
    void doesNotSayTheValueOfAWrongField() throws HeadParser.Invalid {
        String oddity = parse("X-Secret: pass\u0001word\n\n").oddity();
        assertTrue(oddity.contains("X-Secret"), oddity);
        assertFalse(oddity.contains("pass"), oddity);
        assertTrue(parse("X-" + "n".repeat(9_000) + ": \0\n\n").oddity().length() < 200);
    }

    @Test
    void keepsTabsAndLatin1InValues() throws HeadParser.Invalid {
        assertEquals(
                List.of("A", "x\ty \u00e4"), parse("A: x\ty \u00e4\r\n\r\n").fields());
        assertEquals(List.of("A", ""), parse("A:\r\n\r\n").fields());
    }

    @Test
    void takesAHeadWithoutFields() throws HeadParser.Invalid {
        assertEquals(200, parse("\r\n").status());
        assertEquals(List.of(), parse("\n").fields());
    }

    @Test
    void takesAHeadOfExactlyTheLimitAndRefusesOneByteMore() throws HeadParser.Invalid {
        for (int limit : new int[] {64, 512, 513, 5_000, 65_536}) {
            String head = "A: " + "x".repeat(limit - 7) + "\r\n\r\n";
            HeadParser exact = new HeadParser(limit);
            byte[] bytes = head.getBytes(StandardCharsets.US_ASCII);
            assertEquals(limit, exact.feed(Unpooled.wrappedBuffer(bytes), 0, limit));
            assertTrue(exact.complete());
            assertEquals(limit - 7, exact.parse().first("A").length());
            HeadParser small = new HeadParser(limit - 1);
            assertThrows(HeadParser.Invalid.class, () -> small.feed(Unpooled.wrappedBuffer(bytes), 0, limit));
        }
    }

    @Test
    void refusesAnEndlessHead() {
        HeadParser parser = new HeadParser(1024);
        byte[] line = "A: b\n".getBytes(StandardCharsets.US_ASCII);
        assertThrows(HeadParser.Invalid.class, () -> {
            for (int i = 0; i < 1024; i++) {
                parser.feed(Unpooled.wrappedBuffer(line), 0, line.length);
            }
        });
    }
}
