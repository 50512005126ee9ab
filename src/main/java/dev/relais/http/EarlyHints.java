package dev.relais.http;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Sends the interim answers 103 (Early Hints, RFC 8297) of one request. They are no answer: nothing is added to them, no cache keeps
 * them, and the request's status is that of the final answer. Confined to the request's event loop.
 */
final class EarlyHints {
    /** More of them tell a browser nothing that it has time to use. */
    static final int MOST = 8;

    private final HttpServerRequest request;
    private final boolean allowed;
    private final List<List<String>> sent = new ArrayList<>(2); // a script that runs again says the same again

    /** @param inHttp1 whether a client of HTTP/1.1 gets them */
    EarlyHints(HttpServerRequest request, boolean inHttp1) {
        this.request = request;
        this.allowed = request.version() == HttpVersion.HTTP_2 || inHttp1 && request.version() == HttpVersion.HTTP_1_1;
    }

    /**
     * Sends the fields, unless they were sent before, or the client is behind: what it takes late is no help.
     *
     * @param fields name, value, name, value, of the fields for the client
     */
    void send(List<String> fields) {
        boolean isNew = !fields.isEmpty() && sent.size() < MOST && !sent.contains(fields);
        if (!allowed || !isNew || request.response().writeQueueFull()) {
            return;
        }
        sent.add(fields);
        if (request.version() == HttpVersion.HTTP_2) {
            Http2Headers head = new DefaultHttp2Headers().status("103");
            for (int i = 0; i < fields.size(); i += 2) {
                head.add(fields.get(i).toLowerCase(Locale.ROOT), fields.get(i + 1));
            }
            VertxConnection.sendInterim(request, head);
        } else {
            MultiMap head = HttpHeaders.headers();
            for (int i = 0; i < fields.size(); i += 2) {
                head.add(fields.get(i), fields.get(i + 1));
            }
            request.response().writeEarlyHints(head); // a failure is that of the connection, which others see
        }
    }
}
