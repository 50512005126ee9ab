package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.http.Problem;
import org.junit.jupiter.api.Test;

class FailuresTest {
    @Test
    void eachFailureIsAProblem() {
        assertEquals(Problem.TIMEOUT, Failures.problemOf(new ExchangeFailure.TimedOut("")));
        assertEquals(Problem.FUNCTION_FAILED, Failures.problemOf(new ExchangeFailure.ConnectionLost("", true)));
        assertEquals(Problem.INVALID_ANSWER, Failures.problemOf(new ExchangeFailure.BrokenProtocol("")));
        assertEquals(Problem.INVALID_ANSWER, Failures.problemOf(new ExchangeFailure.InvalidHead("")));
    }
}
