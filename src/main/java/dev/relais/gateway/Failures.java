package dev.relais.gateway;

import dev.relais.body.BodyRefusal;
import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.http.Problem;

/** The only place that maps the failure of an exchange or of a request's body to the problem that the client gets. */
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

    static Problem problemOf(BodyRefusal reason) {
        return switch (reason) {
            case TOO_LARGE -> Problem.BODY_TOO_LARGE;
            case TOO_SLOW -> Problem.BODY_TIMEOUT;
            case MALFORMED -> Problem.MALFORMED_REQUEST;
            case MEMORY_FULL -> Problem.MEMORY_FULL;
            case SPOOL_FULL -> Problem.SPOOL_FULL;
            case SPOOL_FAILED -> Problem.INTERNAL;
        };
    }
}
