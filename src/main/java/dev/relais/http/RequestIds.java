package dev.relais.http;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/**
 * Makes ids of requests: 32 hexadecimal digits, of which the first half is drawn at random once and the second is a counter that
 * is scrambled, so that one source never gives an id twice. They tell requests apart, and are no secrets: who has seen one may
 * find out the next. Owned by one event loop, which has a source of its own.
 */
final class RequestIds {
    private static final int HALF = 16;

    /** Vigna's constants of SplitMix64, whose result is another one for each number. */
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private final byte[] text = new byte[2 * HALF];
    private long counter;

    /** @param random asked only here */
    RequestIds(RandomGenerator random) {
        write(random.nextLong(), 0);
        counter = random.nextLong();
    }

    String next() {
        counter += STEP;
        long scrambled = (counter ^ counter >>> 30) * 0xBF58476D1CE4E5B9L;
        scrambled = (scrambled ^ scrambled >>> 27) * 0x94D049BB133111EBL;
        write(scrambled ^ scrambled >>> 31, HALF);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private void write(long number, int from) {
        for (int i = 0; i < HALF; i++) {
            int digit = (int) (number >>> 60 - 4 * i) & 0xF;
            text[from + i] = (byte) (digit < 10 ? '0' + digit : 'a' - 10 + digit);
        }
    }
}
