package dev.relais.http;

import io.vertx.core.http.HttpServerRequest;

/** What the client says of the time it gives: {@code X-Request-Timeout}, in milliseconds from when it sent the request. */
public final class ClientDeadline {
    private static final String HEADER = "X-Request-Timeout";
    private static final int MOST_DIGITS = 9;

    private ClientDeadline() {}

    /** @return milliseconds; -1 when it says nothing, or nothing that is a number */
    public static long millis(HttpServerRequest request) {
        String value = request.getHeader(HEADER);
        if (value == null || value.isEmpty() || value.length() > MOST_DIGITS) {
            return -1;
        }
        long millis = 0;
        for (int i = 0; i < value.length(); i++) {
            int digit = value.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            millis = millis * 10 + digit;
        }
        return millis;
    }
}
