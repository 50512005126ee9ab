package dev.relais.gateway;

import dev.relais.fastcgi.ExchangeFailure;

/** The one place where failures of an exchange become problems of a client. */
final class Failures {
    private Failures() {}

    static Problem problemOf(ExchangeFailure failure) {
        if (failure instanceof ExchangeFailure.TimedOut) {
            return Problem.TIMEOUT;
        }
        if (failure instanceof ExchangeFailure.ConnectionLost) {
            return Problem.FUNCTION_FAILED;
        }
        return Problem.INVALID_ANSWER;
    }
}
