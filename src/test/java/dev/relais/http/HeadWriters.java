package dev.relais.http;

import java.util.List;
import java.util.Random;

/** Makes writers of heads for tests. */
public final class HeadWriters {
    private HeadWriters() {}

    /** A writer without compression and decorations, whose clock stands at the first second of 1970. */
    public static HeadWriter plain() {
        return with(List.of());
    }

    /** A writer that adds what these add. */
    public static HeadWriter with(List<AnswerDecoration> decorations) {
        return new HeadWriter((Compression) null, decorations, () -> 0, new Random(0));
    }

    /** A writer that has bodies compressed as this configuration says. */
    public static HeadWriter compressing(GatewayConfig config) {
        return new HeadWriter(Compression.of(config), List.of(), () -> 0, new Random(0));
    }
}
