package dev.relais.http;

import dev.relais.telemetry.InvocationObservers;
import dev.relais.telemetry.Meters;
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
        return with(decorations, Meters.observers());
    }

    /** A writer that tells these of requests whose head could not be read. */
    public static HeadWriter with(List<AnswerDecoration> decorations, InvocationObservers observers) {
        return new HeadWriter(
                (Compression) null, decorations, observers, () -> 0, () -> 0, false, false, null, new Random(0));
    }

    /** A writer that has bodies compressed as this configuration says. */
    public static HeadWriter compressing(GatewayConfig config) {
        return new HeadWriter(
                Compression.of(config),
                List.of(),
                Meters.observers(),
                () -> 0,
                () -> 0,
                false,
                false,
                null,
                new Random(0));
    }
}
