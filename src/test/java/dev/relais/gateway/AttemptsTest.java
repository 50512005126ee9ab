package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.http.Problem;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AttemptsTest {
    private static final long HEAD = -5; // a clock reading may be negative
    private static final ExchangeFailure NOT_STARTED = new ExchangeFailure.ConnectionLost("in a test", false);
    private static final ExchangeFailure STARTED = new ExchangeFailure.ConnectionLost("in a test", true);

    private long now = HEAD;
    private final Attempts attempts = new Attempts(() -> now, HEAD);

    private void pass(long millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Test
    void theTimeLimitBeginsWithTheFirstExchangeAndBoundsAllOfThem() {
        pass(5_000); // in the queue
        assertEquals(2_000, attempts.beginExchange(2_000));
        pass(1_500);
        assertEquals(500, attempts.beginExchange(2_000));
        pass(10_000);
        assertEquals(1, attempts.beginExchange(2_000), "0 would be no limit");
    }

    @Test
    void whatDidNotStartIsRunOnceMore() {
        attempts.beginExchange(2_000);
        assertTrue(attempts.retry(NOT_STARTED, false, true, -1));
        assertFalse(attempts.retry(NOT_STARTED, false, true, -1));
    }

    @Test
    void whatHasStartedIsRunOnceMoreOnlyIfItIsIdempotent() {
        attempts.beginExchange(2_000);
        assertFalse(attempts.retry(STARTED, false, true, -1));
        assertTrue(attempts.retry(STARTED, true, true, -1));
        assertFalse(attempts.retry(STARTED, true, true, -1));
    }

    @Test
    void noOtherFailureIsRunAgain() {
        attempts.beginExchange(2_000);
        assertFalse(attempts.retry(new ExchangeFailure.TimedOut("in a test"), true, true, -1));
        assertFalse(attempts.retry(new ExchangeFailure.Aborted("in a test"), true, true, -1));
        assertFalse(attempts.retry(new ExchangeFailure.BrokenProtocol("in a test"), true, true, -1));
        assertFalse(attempts.retry(new ExchangeFailure.InvalidHead("in a test"), true, true, -1));
        assertTrue(attempts.retry(NOT_STARTED, false, true, -1), "none of them counts as the one retry");
    }

    @Test
    void nothingIsRunAgainWhoseBodyIsGone() {
        attempts.beginExchange(2_000);
        assertFalse(attempts.retry(NOT_STARTED, true, false, -1));
        assertFalse(attempts.lookUpAgain(false));
    }

    @Test
    void nothingIsRunAgainWhenItsTimeIsOver() {
        attempts.beginExchange(2_000);
        pass(2_000);
        assertFalse(attempts.retry(NOT_STARTED, true, true, -1));
    }

    @Test
    void nothingIsRunAgainWhenItsClientWaitsNoMore() {
        attempts.beginExchange(2_000);
        pass(300);
        assertFalse(attempts.retry(NOT_STARTED, true, true, 300));
        assertFalse(attempts.retry(NOT_STARTED, true, true, 0));
        assertTrue(attempts.retry(NOT_STARTED, true, true, 301));
    }

    @Test
    void aScriptIsLookedForOnce() {
        assertTrue(attempts.lookUpAgain(true));
        assertFalse(attempts.lookUpAgain(true));
    }

    @Test
    void aRefusalSaysThatNothingHasRunOnlyWhenThatIsSo() {
        attempts.beginExchange(2_000);
        attempts.retry(NOT_STARTED, true, true, -1);
        assertEquals(Problem.OVERLOADED, attempts.refusal(Problem.OVERLOADED));

        Attempts lost = new Attempts(() -> now, HEAD);
        lost.beginExchange(2_000);
        lost.retry(STARTED, true, true, -1);
        assertEquals(Problem.FUNCTION_FAILED, lost.refusal(Problem.OVERLOADED));
    }
}
