package dev.relais.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.relais.admission.Refusals;
import dev.relais.slot.OwnerNumbers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ActivitiesTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private static final OwnerNumbers WORKER = new OwnerNumbers(1, 1);

    private final InvocationMeters meters = new InvocationMeters(new SimpleMeterRegistry());
    private long nanos = Long.MAX_VALUE - SECOND; // so that it overflows soon, as System.nanoTime may
    private final Activities activities =
            new Activities(meters, () -> LoadReport.NONE, new Refusals(), () -> Instant.EPOCH, () -> nanos);

    private int waiting;
    private final FunctionMeters hello = meters.of("hello", () -> 1, () -> waiting);

    private void ends(FunctionMeters function, int status, long waitedMillis, long tookMillis) {
        Timeline timeline = new Timeline(null, nanos);
        if (function != null) {
            timeline.function(function);
        }
        if (waitedMillis > 0) {
            timeline.queued(nanos);
            timeline.claimed(WORKER, 1, "/api/hello", nanos + TimeUnit.MILLISECONDS.toNanos(waitedMillis));
        }
        timeline.end(status, 0, 0, nanos + TimeUnit.MILLISECONDS.toNanos(tookMillis));
        meters.ended(timeline);
    }

    private void tick() {
        nanos += SECOND;
        activities.tick();
    }

    private Activity.Function only() {
        List<Activity.Function> functions = activities.current().functions();
        assertEquals(1, functions.size(), functions::toString);
        return functions.get(0);
    }

    @Test
    void aSecondHasTheRateAndTheLatenciesOfWhatEndedInIt() {
        for (int i = 0; i < 99; i++) {
            ends(hello, 200, 0, 10);
        }
        ends(hello, 502, 0, 400);
        tick();

        Activity.Moment second = activities.current().history().get(0);
        assertEquals(100, second.rate(), 0.01);
        assertEquals(1, second.failed(), 0.01);
        assertEquals(10, second.p50(), 2.5);
        assertEquals(10, second.p99(), 2.5);
        assertEquals(0, second.waited());
    }

    @Test
    void waitsCountAmongThoseThatDidNotWait() {
        for (int i = 0; i < 90; i++) {
            ends(hello, 200, 0, 10);
        }
        for (int i = 0; i < 10; i++) {
            ends(hello, 200, 80, 100);
        }
        tick();

        assertEquals(80, activities.current().history().get(0).waited(), 20);
        assertEquals(80, only().waited(), 20);
    }

    @Test
    void aFunctionHasTheLastTenSecondsAndIsGoneWhenNothingGoesOn() {
        FunctionMeters other = meters.of("other", () -> 0, () -> 0);
        ends(other, 200, 0, 10);
        for (int i = 0; i < FunctionWindow.TICKS; i++) {
            tick();
            assertEquals(2, activities.current().functions().size());
        }
        assertEquals(0.1, activities.current().functions().get(1).rate(), 0.001);
        tick();

        waiting = 7;
        assertEquals("hello", only().name());
        tick();
        assertEquals(7, only().waiting());
        assertEquals(1, only().running());
        assertEquals(-1, only().p99());
    }

    @Test
    void requestsWithoutAFunctionAreTold() {
        ends(null, 404, 0, 1);
        tick();
        assertEquals("(none)", activities.current().functions().get(0).name());
    }

    @Test
    void aFunctionThatIsRemovedIsForgottenAndComesBackWithNothing() {
        ends(hello, 200, 0, 10);
        tick();
        meters.forget(hello);
        tick();
        assertEquals(List.of(), activities.current().functions());

        FunctionMeters again = meters.of("hello", () -> 0, () -> 0);
        ends(again, 200, 0, 10);
        tick();
        assertEquals(1, activities.current().history().get(2).rate(), 0.01);
    }

    /** An event loop may make it anew before the one that removes it has come to forget it. */
    @Test
    void aFunctionThatIsBackBeforeItIsForgottenStays() {
        FunctionMeters again = meters.of("hello", () -> 0, () -> 0);
        meters.forget(hello);
        ends(again, 200, 0, 10);
        tick();
        assertEquals("hello", only().name());
    }

    @Test
    void onlyTenMinutesAreKept() {
        for (int i = 0; i < Activities.MOMENTS + 5; i++) {
            tick();
        }
        assertEquals(Activities.MOMENTS, activities.current().history().size());
        assertEquals(Activities.MOMENTS + 5, activities.current().number());
    }

    @Test
    void aSamplerThatLooksMoreOftenMakesNoMoreSeconds() {
        tick();
        Activity made = activities.current();
        nanos += SECOND / 2;
        activities.tick();
        assertSame(made, activities.current());
    }
}
