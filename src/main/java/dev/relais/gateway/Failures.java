package dev.relais.gateway;

import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.http.Problem;

/** The one place where failures of an exchange become problems of a client. */
public final class Failures {
    private Failures() {}

    public static Problem problemOf(ExchangeFailure failure) {
        if (failure instanceof ExchangeFailure.TimedOut) {
            return Problem.TIMEOUT;
        }
        if (failure instanceof ExchangeFailure.ConnectionLost) {
            return Problem.FUNCTION_FAILED;
        }
        return Problem.INVALID_ANSWER;
    }
}
