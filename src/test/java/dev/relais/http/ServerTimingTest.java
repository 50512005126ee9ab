package dev.relais.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.relais.slot.OwnerNumbers;
import dev.relais.telemetry.Timeline;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ServerTimingTest {
    private final Timeline timeline = new Timeline(null, 0);

    private static long micros(long micros) {
        return TimeUnit.MICROSECONDS.toNanos(micros);
    }

    private static final OwnerNumbers WORKER = new OwnerNumbers(1, 3);

    private static AnswerHead stored(int status) {
        return AnswerHead.ofStored(status, "", List.of(), null, 0);
    }

    @Test
    void anAnswerOfPhpTellsEachPartOfItsWay() {
        timeline.body(micros(1_000));
        timeline.queued(micros(1_050));
        timeline.claimed(WORKER, 4711, "/api/a", micros(3_000));
        timeline.firstByte(micros(10_007));
        timeline.cacheBy(() -> "miss");
        assertEquals(
                "queue;dur=1.950, select;dur=0.050, php;dur=7.007, write;dur=0.093, total;dur=10.100,"
                        + " cache;desc=\"miss\", worker;desc=\"1\", generation;desc=\"3\"",
                ServerTiming.of(timeline, stored(200), micros(10_100)));
    }

    @Test
    void whatHasNotBeenIsLeftOut() {
        assertEquals("total;dur=0.012", ServerTiming.of(timeline, stored(404), micros(12)));
        timeline.cacheBy(() -> "hit");
        assertEquals("total;dur=0.012, cache;desc=\"hit\"", ServerTiming.of(timeline, stored(200), micros(12)));
    }

    @Test
    void aServerErrorSaysWhoMadeIt() {
        assertEquals("total;dur=1.000, error;desc=\"cache\"", ServerTiming.of(timeline, stored(503), micros(1_000)));
        timeline.claimed(WORKER, 4711, "/api/a", micros(10));
        timeline.lastByte(micros(500_010));
        timeline.problem(Problem.TIMEOUT.slug());
        assertEquals(
                "select;dur=0.010, php;dur=500.000, total;dur=500.020, worker;desc=\"1\", generation;desc=\"3\","
                        + " error;desc=\"relais: timeout\"",
                ServerTiming.of(
                        timeline,
                        AnswerHead.of(Problem.TIMEOUT, Problem.CONTENT_TYPE, "{}", null, null),
                        micros(500_020)));
    }

    @Test
    void oneThatIsRefusedTellsHowLongItHasWaited() {
        timeline.queued(micros(10));
        timeline.problem(Problem.OVERLOADED.slug());
        assertEquals(
                "queue;dur=1.990, total;dur=2.000, error;desc=\"relais: overloaded\"",
                ServerTiming.of(
                        timeline,
                        AnswerHead.of(Problem.OVERLOADED, Problem.CONTENT_TYPE, "{}", null, null),
                        micros(2_000)));
    }
}
