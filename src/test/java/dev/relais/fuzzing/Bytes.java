package dev.relais.fuzzing;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Makes random bytes, and mutations of valid ones. */
public final class Bytes {
    /** The bytes that parsers of this kind often handle wrongly. */
    private static final byte[] SPECIAL =
            "\0\1\t\n\r %./:;?#\\\177".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private Bytes() {}

    public static byte[] random(SplittableRandom random, int most) {
        byte[] bytes = new byte[random.nextInt(most + 1)];
        random.nextBytes(bytes);
        return bytes;
    }

    /**
     * One to four mutations in a row.
     *
     * @param other what may be spliced in
     */
    public static byte[] mutate(byte[] good, byte[] other, SplittableRandom random) {
        byte[] bytes = good;
        for (int left = 1 + random.nextInt(4); left > 0; left--) {
            bytes = mutateOnce(bytes, other, random);
        }
        return bytes;
    }

    private static byte[] mutateOnce(byte[] good, byte[] other, SplittableRandom random) {
        if (good.length == 0) {
            return other;
        }
        int at = random.nextInt(good.length);
        int to = Math.min(good.length, at + 1 + random.nextInt(16));
        byte[] bytes = good.clone();
        switch (random.nextInt(7)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = SPECIAL[random.nextInt(SPECIAL.length)];
            case 2 -> bytes[at] = (byte) random.nextInt();
            case 3 -> bytes = Arrays.copyOf(good, at);
            case 4 -> bytes = splice(good, at, good, to); // a range lost
            case 5 -> bytes = splice(good, to, good, at); // a range twice
            default -> bytes = splice(good, at, other, random.nextInt(other.length + 1));
        }
        return bytes;
    }

    /** {@code head} up to {@code end}, then {@code tail} from {@code start} on. */
    private static byte[] splice(byte[] head, int end, byte[] tail, int start) {
        byte[] bytes = Arrays.copyOf(head, end + tail.length - start);
        System.arraycopy(tail, start, bytes, end, tail.length - start);
        return bytes;
    }

    /** The borders of the pieces that {@code length} bytes come in, the last one being {@code length}; empty for none. */
    public static int[] borders(int length, int largest, SplittableRandom random) {
        int[] borders = new int[length];
        int count = 0;
        for (int at = 0; at < length; count++) {
            at = Math.min(length, at + 1 + random.nextInt(largest));
            borders[count] = at;
        }
        return Arrays.copyOf(borders, count);
    }
}
