package dev.relais.http;

import dev.relais.LogText;
import io.vertx.core.http.HttpServerRequest;

/** By what a log line can be told to the request that caused it: {@code key=value}, all of it the client's, so escaped and cut. */
public final class RequestOrigin {
    private static final int LONGEST_TARGET = 512;
    private static final int LONGEST_ID = 128;

    private RequestOrigin() {}

    /** @param function null while none is found */
    public static String of(String function, HttpServerRequest request) {
        StringBuilder origin = new StringBuilder(128);
        if (function != null) {
            origin.append("function=")
                    .append(LogText.value(function, LONGEST_TARGET))
                    .append(' ');
        }
        origin.append("method=").append(LogText.value(request.method().name(), LONGEST_ID));
        origin.append(" target=").append(LogText.value(request.uri(), LONGEST_TARGET));
        String id = request.getHeader("X-Request-Id");
        if (id != null) {
            origin.append(" request-id=").append(LogText.value(id, LONGEST_ID));
        }
        return origin.toString();
    }
}
