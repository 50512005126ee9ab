package dev.relais.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;

/**
 * The answer for a client that gets no function's answer: RFC 9457 problem details with a stable type, and without internal
 * details. src/docs/errors.md lists them.
 */
public enum Problem {
    MALFORMED_REQUEST(400, "malformed-request", "The request head is malformed."),
    MALFORMED_TARGET(400, "malformed-target", "The request target is malformed."),
    FILE_FORBIDDEN(403, "file-forbidden", "The file may not be sent."),
    FILE_NOT_FOUND(404, "file-not-found", "There is no such file."),
    FUNCTION_NOT_FOUND(404, "function-not-found", "There is no function of this name."),
    SITE_NOT_FOUND(404, "site-not-found", "No site of this host is at this path."),
    METHOD_NOT_ALLOWED(405, "method-not-allowed", "This method is not taken here."),
    BODY_TIMEOUT(408, "body-timeout", "The request body did not arrive in time."),
    GONE(410, "gone", "What was here is gone."),
    PRECONDITION_FAILED(412, "precondition-failed", "The file is not the one that the request wants."),
    BODY_TOO_LARGE(413, "body-too-large", "The request body is larger than the limit."),
    TARGET_TOO_LONG(414, "target-too-long", "The request line is longer than the limit."),
    RANGE_NOT_SATISFIABLE(416, "range-not-satisfiable", "The file has no such part."),
    FUNCTION_LIMIT(429, "function-limit", "The function runs as often as it may."),
    HOST_NOT_FOUND(421, "host-not-found", "There is no site of this host name."),
    HEADER_TOO_LARGE(431, "header-too-large", "The header fields are too many or too large."),
    INTERNAL(500, "internal", "The gateway failed."),
    CODING_NOT_IMPLEMENTED(501, "coding-not-implemented", "The only transfer coding is chunked."),
    FUNCTION_FAILED(502, "function-failed", "The PHP process ended before its answer was complete."),
    INVALID_ANSWER(502, "invalid-answer", "The function's answer has no valid head."),
    OVERLOADED(503, "overloaded", "No PHP process became free in time."),
    DEBUG_EXTENSION(503, "debug-extension", "PHP cannot load the extension for debugging; the log says why."),
    DEBUG_WORKER(503, "debug-worker", "The workers for debugging do not start; the log says why."),
    FILE_UNAVAILABLE(503, "file-unavailable", "The file cannot be opened now."),
    POISONED(503, "poisoned", "The function ends the PHP processes that run it; it is refused for a while."),
    MAINTENANCE(503, "maintenance", "The site is being worked on."),
    MEMORY_FULL(503, "memory-full", "There is no room for the request now."),
    SPOOL_FULL(503, "spool-full", "There is no room for the request body now."),
    NOT_STORED(504, "not-stored", "Only a stored answer was wanted, and there is none."),
    TIMEOUT(504, "timeout", "The function ran into its time limit and was ended."),
    VERSION_NOT_SUPPORTED(505, "version-not-supported", "The versions of HTTP are 1.0, 1.1 and 2.");

    static final String CONTENT_TYPE = "application/problem+json";

    private final int status;
    private final String slug;
    private final String title;
    private final String json; // without its end

    Problem(int status, String slug, String title) {
        this.status = status;
        this.slug = slug;
        this.title = title;
        this.json = "{\"type\":\"urn:relais:problem:" + slug + "\",\"title\":\"" + title + "\",\"status\":" + status;
    }

    public int status() {
        return status;
    }

    /** The last word of its type. */
    public String slug() {
        return slug;
    }

    /** Whether the same request may succeed a second later, since nothing but the space for it is missing: Retry-After. */
    boolean isMomentary() {
        return this == MEMORY_FULL || this == SPOOL_FULL;
    }

    /**
     * The whole body as a page for people; ASCII.
     *
     * @param requestId as for {@link #json}
     */
    String html(@Nullable String requestId) {
        String reason = status + " " + HttpResponseStatus.valueOf(status).reasonPhrase();
        String id = requestId == null || !RequestId.isValid(requestId)
                ? ""
                : "<p><small>" + requestId.replace("&", "&amp;").replace("<", "&lt;") + "</small></p>\n";
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width\">\n<title>" + reason
                + "</title>\n</head>\n<body>\n<h1>"
                + reason + "</h1>\n<p>" + title + "</p>\n" + id + "</body>\n</html>\n";
    }

    /**
     * The whole body; ASCII.
     *
     * @param requestId the id of the request; null for none, and left out if it is not valid
     * @param traceId of the trace that the request belongs to; null for none
     */
    String json(@Nullable String requestId, @Nullable String traceId) {
        String id = requestId == null || !RequestId.isValid(requestId) ? "" : ",\"requestId\":\"" + requestId + '"';
        return json + id + (traceId == null ? "}" : ",\"traceId\":\"" + traceId + "\"}");
    }
}
