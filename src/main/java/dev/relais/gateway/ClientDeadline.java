package dev.relais.gateway;

import dev.relais.Digits;
import io.vertx.core.http.HttpServerRequest;

/** The time that a client gives its request: {@code X-Request-Timeout}, in milliseconds from when it sent the request. */
final class ClientDeadline {
    private static final String HEADER = "X-Request-Timeout";
    private static final long MOST_MILLIS = 999_999_999;

    private ClientDeadline() {}

    /** @return milliseconds; -1 when it says nothing, or nothing that is a number */
    static long millis(HttpServerRequest request) {
        String value = request.getHeader(HEADER);
        return value == null ? -1 : Digits.parse(value, MOST_MILLIS);
    }
}
