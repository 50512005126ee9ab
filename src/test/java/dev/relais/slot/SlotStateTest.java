package dev.relais.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fastcgi.ExchangeFailure;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every event in every state. Legal events lead where the table says, and all others are refused. */
class SlotStateTest {
    private static final ExchangeFailure FIRST = new ExchangeFailure.Aborted("first");
    private static final ExchangeFailure LATER = new ExchangeFailure.TimedOut("later");
    private static final SlotState ENDING = new SlotState.Ending(FIRST, false);
    private static final SlotState ENDING_ANSWERED = new SlotState.Ending(FIRST, true);
    private static final SlotState ABANDONED = new SlotState.Abandoned(FIRST);

    private static final List<SlotState> STATES = List.of(
            SlotState.STARTING,
            SlotState.FREE,
            SlotState.CLAIMED,
            SlotState.RUNNING,
            SlotState.FINISHING,
            ENDING,
            ENDING_ANSWERED,
            ABANDONED,
            SlotState.RETIRING);

    private static final Map<String, UnaryOperator<SlotState>> EVENTS = new LinkedHashMap<>();

    static {
        EVENTS.put("proven", SlotState::proven);
        EVENTS.put("claimed", SlotState::claimed);
        EVENTS.put("released, usable", state -> state.released(true));
        EVENTS.put("released, unusable", state -> state.released(false));
        EVENTS.put("begun", SlotState::begun);
        EVENTS.put("unusable, breaking", state -> state.unusable(true));
        EVENTS.put("unusable, broken", state -> state.unusable(false));
        EVENTS.put("answered", SlotState::answered);
        EVENTS.put("ending", state -> state.ending(LATER));
        EVENTS.put("failed", state -> state.failed(LATER));
        EVENTS.put("abandoned", state -> state.abandoned(LATER));
        EVENTS.put("ended", SlotState::ended);
        EVENTS.put("retired", SlotState::retired);
        EVENTS.put("broken", state -> state.broken(false));
        EVENTS.put("broken, claimed", state -> state.broken(true));
    }

    /** The legal events of each state; all others are refused. */
    private static Map<SlotState, Map<String, SlotState>> legal() {
        Map<SlotState, Map<String, SlotState>> legal = new HashMap<>();
        legal.put(SlotState.STARTING, Map.of("proven", SlotState.CLAIMED));
        legal.put(
                SlotState.FREE,
                Map.of(
                        "claimed", SlotState.CLAIMED,
                        "retired", SlotState.RETIRING,
                        "broken", SlotState.STARTING,
                        "broken, claimed", SlotState.CLAIMED));
        legal.put(
                SlotState.CLAIMED,
                Map.of(
                        "proven", SlotState.CLAIMED,
                        "claimed", SlotState.CLAIMED,
                        "released, usable", SlotState.FREE,
                        "released, unusable", SlotState.STARTING,
                        "begun", SlotState.RUNNING,
                        "unusable, breaking", SlotState.RETIRING,
                        "unusable, broken", SlotState.STARTING,
                        "retired", SlotState.RETIRING,
                        "broken", SlotState.CLAIMED,
                        "broken, claimed", SlotState.CLAIMED));
        legal.put(
                SlotState.RUNNING,
                Map.of(
                        "answered", SlotState.FINISHING,
                        "ending", new SlotState.Ending(LATER, false),
                        "failed", new SlotState.Ending(LATER, false),
                        "abandoned", new SlotState.Abandoned(LATER),
                        "ended", SlotState.CLAIMED));
        legal.put(
                SlotState.FINISHING,
                Map.of(
                        "ending", new SlotState.Ending(LATER, true),
                        "failed", new SlotState.Ending(LATER, false),
                        "ended", SlotState.CLAIMED));
        Map<String, SlotState> ending = Map.of(
                "answered", ENDING_ANSWERED, "failed", ENDING, "ended", SlotState.CLAIMED, "proven", SlotState.CLAIMED);
        legal.put(ENDING, with(ending, ENDING));
        legal.put(ENDING_ANSWERED, with(ending, ENDING_ANSWERED));
        legal.put(ABANDONED, with(Map.of("failed", ABANDONED, "proven", SlotState.CLAIMED), ABANDONED));
        legal.put(SlotState.RETIRING, Map.of("broken", SlotState.STARTING, "broken, claimed", SlotState.STARTING));
        return legal;
    }

    /** The end of the connection changes nothing. */
    private static Map<String, SlotState> with(Map<String, SlotState> moves, SlotState same) {
        Map<String, SlotState> all = new HashMap<>(moves);
        all.put("broken", same);
        all.put("broken, claimed", same);
        return all;
    }

    static Stream<Arguments> table() {
        return STATES.stream().flatMap(state -> EVENTS.keySet().stream().map(event -> Arguments.of(state, event)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("table")
    void eachEventLeadsWhereTheTableSaysOrIsRefused(SlotState state, String event) {
        SlotState next = legal().get(state).get(event);
        UnaryOperator<SlotState> move = EVENTS.get(event);
        if (next != null) {
            assertEquals(next, move.apply(state));
        } else {
            IllegalStateException refused = assertThrows(IllegalStateException.class, () -> move.apply(state));
            assertTrue(refused.getMessage().contains(state.toString()), refused.getMessage());
        }
    }

    @Test
    void everyStateIsInTheTableAndCanBeReached() {
        long kinds = STATES.stream().map(Object::getClass).distinct().count();
        assertEquals(SlotState.class.getPermittedSubclasses().length, kinds);
        for (SlotState state : STATES) {
            assertTrue(
                    state == SlotState.STARTING
                            || legal().values().stream()
                                    .flatMap(moves -> moves.values().stream())
                                    .anyMatch(next -> next.getClass() == state.getClass()),
                    state.toString());
        }
    }

    @Test
    void theFirstReasonStays() {
        assertSame(FIRST, ENDING.failed(LATER).reason());
        assertSame(FIRST, ABANDONED.failed(LATER).reason());
        assertSame(LATER, SlotState.RUNNING.failed(LATER).reason());
    }

    @Test
    void aMoveWithoutAReasonAllocatesNothing() {
        assertSame(SlotState.RUNNING, SlotState.FREE.claimed().begun());
        assertSame(SlotState.FREE, SlotState.RUNNING.ended().released(true));
    }
}
