package dev.relais.tracing;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** Draws ids at random, and says which traces are sampled. Any thread. */
final class TraceIds {
    private static final HexFormat HEX = HexFormat.of();
    private static final int HALF = 16;

    private TraceIds() {}

    /** Not 0, which stands for no id. */
    private static long draw() {
        long id;
        do {
            id = ThreadLocalRandom.current().nextLong();
        } while (id == 0);
        return id;
    }

    static String span() {
        return HEX.toHexDigits(draw());
    }

    static String trace() {
        return span() + span();
    }

    /**
     * Whether a trace is in the sample. The lower half of its id decides, so that all who take the same share of traces take the same ones,
     * and who takes a larger share has these among them; OpenTelemetry's own samplers do the same.
     *
     * @param ratio from 0 to 1
     */
    static boolean samples(double ratio, String traceId) {
        if (ratio >= 1) {
            return true;
        }
        long random = Long.parseUnsignedLong(traceId, HALF, 2 * HALF, 16);
        return ratio > 0 && Math.abs(random) < (long) (ratio * Long.MAX_VALUE);
    }
}
