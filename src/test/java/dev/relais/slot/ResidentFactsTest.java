package dev.relais.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.LogText;
import dev.relais.events.Events;
import dev.relais.events.RequestEvent;
import dev.relais.events.WorkerEvent;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ResidentFactsTest {
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");
    private static final String LEFT = "{\"left\":[{\"kind\":\"static\",\"name\":\"A::$b\",\"text\":\"grew\"}],"
            + "\"put\":[\"locale\"],\"strict\":true}";

    private final Events events = new Events();
    private final Residents residents = new Residents(() -> 7, events, Clock.fixed(NOON, ZoneOffset.UTC));
    private final ResidentFacts facts = residents.of("shop");

    @Test
    void bootsAreCountedWithTheirTime() {
        assertNull(facts.lastBoot());
        facts.booted(120);
        facts.booted(80);
        assertEquals(2, facts.boots());
        assertEquals(200, facts.bootMillis());
        assertEquals(NOON, facts.lastBoot());
        assertEquals(0, facts.failedBoots());
        assertTrue(events.last().isEmpty());
    }

    @Test
    void aFailedBootIsAnEventAndItsReasonIsKept() {
        facts.bootFailed(3, "no class\nKernel");
        assertEquals(1, facts.failedBoots());
        assertEquals(new ResidentFacts.BootFailure(NOON, "no class\\nKernel"), facts.lastFailure());
        assertEquals(
                new WorkerEvent.BootFailed(3, "shop", "no class\nKernel"),
                events.last().get(0).event());
        facts.bootFailed(3, "x".repeat(100_000));
        assertTrue(facts.lastFailure().reason().length() < 2 * LogText.LONGEST);
    }

    @Test
    void whatARequestHasLeftIsCountedByKindAndToldWithItsId() {
        facts.left("r-1", LEFT);
        facts.left(null, "what?");
        assertEquals(1, facts.leftovers(Leftover.Kind.STATIC));
        assertEquals(1, facts.leftovers(Leftover.Kind.OTHER));
        assertEquals(0, facts.leftovers(Leftover.Kind.MEMORY));
        assertEquals(
                new ResidentFacts.Left(NOON, "r-1", LeftoverLine.of(LEFT).findings(), List.of("locale"), true),
                facts.lastLeft().get(0));
        assertEquals(
                new RequestEvent.LeftBehind("shop", "r-1", List.of("static A::$b grew"), true),
                events.last().get(0).event());
    }

    @Test
    void nothingLeftIsNoEvent() {
        facts.left("r-1", "{\"put\":[\"locale\"],\"left\":[],\"strict\":false}");
        assertTrue(facts.lastLeft().isEmpty());
        assertTrue(events.last().isEmpty());
    }

    @Test
    void onlyTheLastAreKept() {
        for (int i = 1; i <= 100; i++) {
            facts.left("r-" + i, LEFT);
        }
        assertEquals(100, facts.leftovers(Leftover.Kind.STATIC));
        assertEquals(ResidentFacts.KEPT, facts.lastLeft().size());
        assertEquals("r-81", facts.lastLeft().get(0).requestId());
        assertEquals("r-100", facts.lastLeft().get(19).requestId());
    }

    @Test
    void aFunctionIsKnownUntilItIsLeftOut() {
        ResidentFacts other = residents.of("other");
        residents.retain(Set.of("shop"));
        assertSame(facts, residents.of("shop"));
        assertNotSame(other, residents.of("other"));
        assertEquals(7, residents.checkEvery());
    }
}
