package dev.relais.http;

import java.util.List;

/** Writers of heads for tests that need one. */
public final class HeadWriters {
    private HeadWriters() {}

    /** Without compression and decorations; it is the first second of 1970. */
    public static HeadWriter plain() {
        return with(List.of());
    }

    static HeadWriter with(List<AnswerDecoration> decorations) {
        return new HeadWriter((Compression) null, decorations, () -> 0);
    }
}
