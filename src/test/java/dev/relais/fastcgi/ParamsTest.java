package dev.relais.fastcgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ParamsTest {
    private final Params params = new Params();

    @BeforeEach
    void begin() {
        params.begin();
    }

    private Requests.Decoded finish() {
        return Requests.decode(params.finish(UnpooledByteBufAllocator.DEFAULT, true));
    }

    @Test
    void roundTripsPairsOfAllLengthForms() {
        List<String> pairs = new ArrayList<>();
        for (int length : new int[] {0, 1, 126, 127, 128, 129, 255, 256, 60_000}) {
            pairs.add("N" + length);
            pairs.add("v".repeat(length));
            pairs.add("n".repeat(Math.max(1, length)));
            pairs.add("short");
        }
        for (int i = 0; i < pairs.size(); i += 2) {
            params.add(pairs.get(i), pairs.get(i + 1));
        }
        assertEquals(pairs, finish().pairs());
    }

    /** Without that, the output of a process that one script has left behind could be taken for the answer of the next. */
    @Test
    void eachRequestHasAnIdOfItsOwn() {
        Set<Integer> ids = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            params.begin();
            ByteBuf request = params.finish(UnpooledByteBufAllocator.DEFAULT, true);
            ids.add(Params.requestId(request));
            Requests.decode(request); // checks that all its records have it, and that it is not 0
        }
        assertTrue(ids.size() > 900, ids.size() + " different ids");
    }

    @Test
    void endsParamsOnceWhenThereAreNone() {
        assertEquals(List.of(), finish().pairs());
    }

    @Test
    void endsStdinOnlyWithoutABody() {
        params.add("A", "b");
        assertFalse(Requests.decode(params.finish(UnpooledByteBufAllocator.DEFAULT, false))
                .stdinEnded());
        params.begin();
        assertTrue(finish().stdinEnded());
    }

    @Test
    void cutsRecordsAtPairBordersOnly() {
        for (int total : new int[] {70_000, 200_000, 1_500_000}) {
            params.begin();
            Random random = new Random(total);
            List<String> pairs = new ArrayList<>();
            for (int written = 0; written < total; ) {
                int length = random.nextInt(random.nextInt(10) == 0 ? 60_000 : 300);
                pairs.add("NAME_" + pairs.size());
                pairs.add("v".repeat(length));
                params.add(pairs.get(pairs.size() - 2), pairs.get(pairs.size() - 1));
                written += length;
            }
            Requests.Decoded decoded = finish();
            assertEquals(pairs, decoded.pairs());
            assertTrue(decoded.paramsRecords().size() > total / 65_536);
        }
    }

    @Test
    void fillsARecordToItsLastByte() {
        // Two pairs with lengths of four bytes and one of one: 1 + 4 + 1 + n each.
        params.add("A", "x".repeat(40_000 - 6));
        params.add("B", "x".repeat(25_535 - 6));
        assertEquals(List.of(65_535), finish().paramsRecords());
        params.begin();
        params.add("A", "x".repeat(40_000 - 6));
        params.add("B", "x".repeat(25_536 - 6));
        assertEquals(List.of(40_000, 25_536), finish().paramsRecords());
    }

    @Test
    void refusesAPairOverTheLimitAndIsOfUseAfterIt() {
        params.add("A", "x".repeat(Params.MAX_PAIR - 6));
        assertThrows(Params.PairTooLarge.class, () -> params.add("B", "x".repeat(Params.MAX_PAIR - 5)));
        assertThrows(Params.PairTooLarge.class, () -> params.addUtf8("B", "\u20ac".repeat(Params.MAX_PAIR / 3)));
        assertThrows(Params.PairTooLarge.class, () -> params.addHeader("B", "x".repeat(Params.MAX_PAIR)));
        params.begin();
        params.add("C", "d");
        assertEquals(List.of("C", "d"), finish().pairs());
    }

    @Test
    void isOfUseAfterARequestThatWasNotFinished() {
        params.add("A", "x".repeat(60_000));
        params.add("B", "x".repeat(60_000));
        params.begin();
        params.add("C", "d");
        assertEquals(List.of("C", "d"), finish().pairs());
    }

    @Test
    void encodesLatin1AsBytesAndUtf8AsUtf8() {
        params.add("L", "\u00e4\u00ff");
        params.addUtf8("U", "\u00e4\u20ac\uD83D\uDE00");
        Requests.Decoded decoded = finish();
        assertEquals("\u00e4\u00ff", decoded.get("L"));
        assertEquals("\u00e4\u20ac\uD83D\uDE00", decoded.get("U", StandardCharsets.UTF_8));
    }

    @Test
    void namesHeadersAsCgiDoesAndRefusesNamesThatCouldCollide() {
        assertTrue(params.addHeader("x-Forwarded-For2", "a"));
        for (String name : new String[] {"X_Y", "X.Y", "X Y", "X\u00e4", "X~", "X\0"}) {
            assertFalse(params.addHeader(name, "b"), name);
        }
        assertEquals(List.of("HTTP_X_FORWARDED_FOR2", "a"), finish().pairs());
    }
}
