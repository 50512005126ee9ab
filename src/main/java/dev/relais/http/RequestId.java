package dev.relais.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * The one id of a request, by which its answer, its log lines and what PHP makes of it can be found again. It is the value of the
 * request's field {@code X-Request-Id}: the client's own, if it is a valid one, or else one that is made and set there. So whoever
 * reads the field, PHP among them, sees the id in force. Called on the request's event loop.
 */
public final class RequestId {
    /** The name of the field, of requests and answers. */
    public static final String NAME = "X-Request-Id";

    static final CharSequence FIELD = HttpHeaders.createOptimized(NAME);
    private static final int LONGEST = 128;

    private RequestId() {}

    /** Whether a field of this name is the id. */
    public static boolean isName(String field) {
        return field.length() == NAME.length() && field.equalsIgnoreCase(NAME);
    }

    /** The id in force; before {@link #settle} what the client has sent, and null for nothing. */
    public static @Nullable String of(HttpServerRequest request) {
        return request.headers().get(FIELD);
    }

    /** Sets the id that is in force from now on. A client that sends several has sent none. */
    public static void settle(HttpServerRequest request, Edge edge) {
        MultiMap fields = request.headers();
        String given = fields.get(FIELD);
        if (given == null) {
            fields.add(FIELD, edge.nextRequestId());
        } else if (!isValid(given) || fields.getAll(FIELD).size() > 1) {
            fields.set(FIELD, edge.nextRequestId());
        }
    }

    /** Whether this is 1 to 128 letters, digits, dots, underscores and hyphens, which mean nothing in any log, query or shell. */
    static boolean isValid(String id) {
        if (id.isEmpty() || id.length() > LONGEST) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if ((c < 'a' || c > 'z')
                    && (c < 'A' || c > 'Z')
                    && (c < '0' || c > '9')
                    && c != '-'
                    && c != '_'
                    && c != '.') {
                return false;
            }
        }
        return true;
    }
}
