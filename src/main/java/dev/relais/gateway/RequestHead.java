package dev.relais.gateway;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Map;

/** What Netty's decoder lets through though two readers could understand it differently (DESIGN.md fact 22). */
final class RequestHead {
    private RequestHead() {}

    /**
     * Whether the framing and the host are unambiguous: Transfer-Encoding, if any, is one field that says exactly
     * {@code chunked} (RFC 9112 section 6.1), and HTTP/1.1 has exactly one Host, others at most one (section 3.2).
     */
    static boolean isSound(HttpServerRequest request) {
        int hosts = 0;
        int encodings = 0;
        for (Map.Entry<String, String> header : request.headers()) {
            String name = header.getKey();
            if (name.length() == 4 && name.equalsIgnoreCase("Host")) {
                hosts++;
            } else if (name.length() == 17 && name.equalsIgnoreCase("Transfer-Encoding")) {
                encodings += header.getValue().equalsIgnoreCase("chunked") ? 1 : 2;
            }
        }
        return encodings <= 1 && hosts <= 1 && (hosts == 1 || request.version() != HttpVersion.HTTP_1_1);
    }
}
