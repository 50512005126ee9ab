package dev.relais.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * Adds header fields to all answers that {@link HeadWriter} writes, whether a function, a file or a problem gives them. It
 * calls every bean of this type when the rest of a head is complete. Its methods are called on the event loop of the connection
 * and must not block.
 */
public interface AnswerDecoration {
    /**
     * @param request null when there is none yet, since its head is malformed or does not end
     * @param fields what is set already; the fields of the framing are not to be touched
     */
    void decorate(@Nullable HttpServerRequest request, AnswerHead head, MultiMap fields);
}
