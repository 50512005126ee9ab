package dev.relais.http;

import dev.relais.LogText;
import io.vertx.core.http.HttpServerRequest;

/** Names the request that caused a log line, as {@code key=value}. All of it comes from the client, so it is escaped and cut. */
public final class RequestOrigin {
    private static final int LONGEST_TARGET = 512;
    private static final int LONGEST_ID = 128;

    private RequestOrigin() {}

    /** @param function its name */
    public static String of(String function, HttpServerRequest request) {
        StringBuilder origin = new StringBuilder(128);
        if (function != null) {
            origin.append("function=")
                    .append(LogText.value(function, LONGEST_TARGET))
                    .append(' ');
        }
        origin.append("method=").append(LogText.value(request.method().name(), LONGEST_ID));
        origin.append(" target=").append(LogText.value(request.uri(), LONGEST_TARGET));
        String id = RequestId.of(request);
        if (id != null) {
            origin.append(" request-id=").append(LogText.value(id, LONGEST_ID));
        }
        String trace = TraceParent.traceId(request.headers());
        if (trace != null) {
            origin.append(" trace-id=").append(trace);
        }
        return origin.toString();
    }
}
