package dev.relais.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Patience;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** The interleavings of the watch thread, which loads, and the one that switches, each written as the order of their calls. */
class HeldFunctionsTest {
    private final FunctionRegistry none = registry();
    private final FunctionRegistry one = registry("one");
    private final FunctionRegistry two = registry("one", "two");
    private final List<FunctionRegistry> reloads = new ArrayList<>();
    private FunctionRegistry inForce = none;
    private int asked;
    private Runnable within = () -> {}; // what another thread does while functions come into force

    private final HeldFunctions held = new HeldFunctions(() -> inForce, registry -> {
        within.run();
        inForce = registry;
        reloads.add(registry);
    });

    private static FunctionRegistry registry(String... pools) {
        Map<String, PoolSettings> named = new HashMap<>();
        for (String pool : pools) {
            named.put(pool, new PoolSettings(pool, "pools." + pool, 1, null, null, Map.of(), null, "", null));
        }
        return FunctionRegistry.of(List.of(FunctionFixture.function("a")), named);
    }

    private void serve(FunctionRegistry registry) {
        held.serve(registry, () -> asked++);
    }

    private static boolean onAnotherThread(BooleanSupplier question) {
        return CompletableFuture.supplyAsync(question::getAsBoolean)
                .orTimeout(Patience.SECONDS, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void whatNeedsNoOtherProcessesIsInForceAtOnce() {
        FunctionRegistry more = FunctionRegistry.of(List.of(FunctionFixture.function("b")), Map.of());
        assertFalse(held.load(more, true));
        assertFalse(held.load(more, true));
        assertEquals(List.of(more), reloads);
    }

    @Test
    void whatNeedsThemWaitsForThem() {
        assertTrue(held.load(one, true));
        assertFalse(held.load(registry("one"), true)); // the same again asks for nothing more
        assertTrue(held.isAny());
        assertSame(one, held.orElse(none));
        assertEquals(List.of(), reloads);

        serve(one);
        assertSame(one, inForce);
        assertFalse(held.isAny());
        assertEquals(0, asked);
    }

    /** The functions in force would stay in pools that leave. */
    @Test
    void whatServesComesIntoForceThoughTheFileChangedInTheLastMoment() {
        held.load(one, true);
        assertTrue(held.isStill(one));
        assertTrue(held.load(two, true));
        assertFalse(held.isStill(one));

        serve(one);
        assertSame(one, inForce);
        assertSame(two, held.orElse(none));
        assertEquals(1, asked);
        serve(two);
        assertSame(two, inForce);
        assertEquals(1, asked);
    }

    @Test
    void whatServesComesIntoForceThoughTheFileWasTakenBackInTheLastMoment() {
        held.load(one, true);
        assertFalse(held.load(none, true));
        assertFalse(held.isAny());

        serve(one);
        assertSame(one, inForce);
        assertSame(none, held.orElse(one));
        assertEquals(1, asked);
        serve(none);
        assertSame(none, inForce);
        assertFalse(held.isAny());
    }

    /** A load between the two halves of a step would find the file the same as what is about to be replaced. */
    @Test
    void noLoadComesBetweenThatNothingIsHeldAndThatItIsInForce() {
        held.load(one, true);
        List<CompletableFuture<Boolean>> loads = new ArrayList<>();
        within = () -> loads.add(CompletableFuture.supplyAsync(() -> held.load(none, true)));
        serve(one);
        assertTrue(loads.get(0).orTimeout(Patience.SECONDS, TimeUnit.SECONDS).join());
        assertSame(one, inForce);
        assertSame(none, held.orElse(one));
    }

    /** The one that switches asks within its own monitor, into which those lead who hear of functions that come into force. */
    @Test
    void whoAsksWhetherAnyAreHeldNeverWaits() {
        List<Boolean> answers = new ArrayList<>();
        within = () -> answers.add(onAnotherThread(held::isAny));
        held.load(FunctionRegistry.of(List.of(FunctionFixture.function("b")), Map.of()), true);
        held.load(one, true);
        serve(one);
        assertEquals(List.of(false, false), answers);
    }

    @Test
    void aGenerationThatHadNoSuchNeedChangesNothing() {
        serve(registry());
        assertEquals(List.of(), reloads);
        assertEquals(0, asked);
    }

    @Test
    void whatWasGivenUpIsTriedAgainWhenSomethingIsTouched() {
        held.load(one, true);
        held.giveUp(two); // of another one
        assertFalse(held.load(registry("one"), true));
        held.giveUp(one);
        assertFalse(held.load(registry("one"), false));
        assertTrue(held.load(registry("one"), true));
        assertFalse(held.load(registry("one"), true));
    }
}
