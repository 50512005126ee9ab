package dev.relais.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.Map;

/**
 * What a site makes of the answers to its requests.
 *
 * @param fields that are set where nobody has set them; an empty value removes one
 * @param errorStatus of the error in whose place the answer is, and which its own 200 gets; 0 for none
 * @param hasPages whether problems are pages for clients that take them, as browsers do
 */
public record SiteAnswers(Map<String, String> fields, int errorStatus, boolean hasPages) {
    /** No site. */
    static final SiteAnswers NONE = new SiteAnswers(Map.of(), 0, false);

    private static final String PAGE = "text/html; charset=utf-8";

    AnswerHead of(AnswerHead head) {
        AnswerHead own = head.withFields(SetFields.in(head.fields(), fields));
        return errorStatus != 0 && own.status() == 200 ? own.withStatus(errorStatus) : own;
    }

    /** The body of a problem. */
    String text(Problem problem, HttpServerRequest request) {
        String accept = hasPages ? request.getHeader("Accept") : null;
        String id = RequestId.of(request);
        return accept != null && accept.contains("text/html")
                ? problem.html(id)
                : problem.json(id, TraceParent.traceId(request.headers()));
    }

    /** The media type of such a body. */
    static String type(String text) {
        return text.startsWith("{") ? Problem.CONTENT_TYPE : PAGE;
    }

    SiteAnswers withFields(Map<String, String> others) {
        return new SiteAnswers(others, errorStatus, hasPages);
    }

    SiteAnswers withoutStatus() {
        return errorStatus == 0 ? this : new SiteAnswers(fields, 0, hasPages);
    }
}
