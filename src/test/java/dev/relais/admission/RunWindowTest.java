package dev.relais.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RunWindowTest {
    private static final long SLICE = 1_000;
    private static final long WINDOW = 16 * SLICE;
    private static final long START = Long.MAX_VALUE - WINDOW; // the clock wraps within the window

    private final RunWindow window = new RunWindow(WINDOW, START);

    @Test
    void countsWhatEndedWithinTheWindow() {
        window.passed(START, 10);
        window.killed(START + 1, 30);
        assertEquals(new RunWindow.Sum(2, 1, 40, 30), window.sum(START + 2));
    }

    @Test
    void forgetsSliceBySlice() {
        window.passed(START, 1);
        window.passed(START + SLICE, 2);
        window.passed(START + WINDOW - 1, 4);
        assertEquals(7, window.sum(START + WINDOW - 1).heldNanos());
        assertEquals(6, window.sum(START + WINDOW).heldNanos());
        assertEquals(4, window.sum(START + WINDOW + SLICE).heldNanos());
        assertEquals(0, window.sum(START + 2 * WINDOW).heldNanos());
        assertEquals(0, window.sum(START + 1_000 * WINDOW).ended());
    }

    @Test
    void aTimeThatSaysNothingIsARunAllTheSame() {
        window.passed(START, -1);
        window.killed(START, -1);
        assertEquals(new RunWindow.Sum(2, 1, 0, 0), window.sum(START));
    }

    @Test
    void aSliceIsUsedAgainAfterAWindow() {
        window.killed(START, 5);
        window.passed(START + WINDOW, 7);
        assertEquals(new RunWindow.Sum(1, 0, 7, 0), window.sum(START + WINDOW));
    }

    @Test
    void whoIsLateByAWindowCountsInTheSliceThatIsThere() {
        window.passed(START + WINDOW, 7);
        window.passed(START, 5);
        assertEquals(12, window.sum(START + WINDOW).heldNanos());
    }

    @Test
    void aWindowShorterThanItsSlicesIsAWindow() {
        RunWindow shortest = new RunWindow(1, 0);
        shortest.passed(0, 3);
        assertEquals(1, shortest.sum(0).ended());
        assertEquals(0, shortest.sum(17).ended());
    }
}
