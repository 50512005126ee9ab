package dev.relais.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunHistoryTest {
    private final List<Boolean> told = new ArrayList<>();
    private final RunHistory history = new RunHistory(told::add);

    @Test
    void theFunctionIsThatOfTheRunWhoseMarkComesNext() {
        assertNull(history.function());
        Runs.begin(history, "a", "b", "c");
        assertEquals("a", history.function());
        history.markRead();
        assertEquals("b", history.function());
        history.markRead();
        assertEquals("c", history.function());
        history.markRead();
        assertFalse(history.isUnread());
        assertEquals("c", history.function(), "what comes after the last mark is of the last run");
    }

    @Test
    void moreMarksThanRunsDoNotReachIntoTheRunsToCome() {
        Runs.begin(history, "forger");
        for (int i = 0; i < 10; i++) {
            history.markRead();
        }
        Runs.begin(history, "next", "last");
        assertEquals("next", history.function());
    }

    @Test
    void lostMarksAreMadeUpForOnceTheChildIsIdle() {
        Runs.begin(history, "a", "b", "c", "d");
        history.pipeIsEmpty(history.ended());
        assertEquals("a", history.function(), "it still runs");
        Runs.end(history);
        history.pipeIsEmpty(history.ended());
        assertEquals("d", history.function(), "its mark may be on its way");
        for (int i = 1; i < RunHistory.PATIENCE; i++) {
            history.pipeIsEmpty(history.ended());
        }
        Runs.begin(history, "e");
        assertEquals("e", history.function());
    }

    @Test
    void aRunThatEndsWhileThePipeIsLookedAtIsNotTakenForRead() {
        Runs.begin(history, "a");
        Runs.end(history);
        long ended = history.ended();
        history.markRead();
        Runs.begin(history, "b");
        Runs.end(history);
        Runs.begin(history, "c");
        Runs.end(history);
        history.pipeIsEmpty(ended);
        assertEquals("b", history.function());
    }

    @Test
    void theMarkThatFollowsTheLastAnswerIsAwaited() {
        Runs.begin(history, "a");
        Runs.end(history);
        history.pipeIsEmpty(history.ended());
        assertTrue(history.isUnread());
        history.markRead();
        assertFalse(history.isUnread());
    }

    @Test
    void aMarkThatNeverComesIsNotAwaitedForEver() {
        Runs.begin(history, "a");
        Runs.end(history);
        for (int i = 0; i < RunHistory.PATIENCE; i++) {
            assertTrue(history.isUnread());
            history.pipeIsEmpty(history.ended());
        }
        assertFalse(history.isUnread());
        Runs.begin(history, "b");
        assertEquals("b", history.function());
    }

    @Test
    void theReaderIsCalledForTheFirstRunAndBeforeOneIsOverwritten() {
        Runs.begin(history, "first");
        assertEquals(List.of(false), told);
        for (int i = 0; i < RunHistory.SIZE; i++) {
            Runs.begin(history, "more");
        }
        assertEquals(List.of(false, true), told);
        assertNull(history.function(), "overwritten: nobody is named rather than the wrong one");
    }
}
