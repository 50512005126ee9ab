package dev.relais.gateway;

import dev.relais.dispatch.Exchange;
import dev.relais.fastcgi.Stdin;
import dev.relais.http.Callbacks;
import dev.relais.http.Edge;
import dev.relais.http.Framing;
import dev.relais.http.HeadWriter;
import dev.relais.http.Problem;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/** A request's body on its way to PHP. Used on the request's event loop. */
interface RequestBody {
    /** Told how it goes; not told after {@link #discard}. */
    interface Listener {
        /** A child may be taken. Once. */
        void bodyReady();

        /** What a child still wants of the body will not come, whether its answer is complete or not. */
        void bodyBrokeOff();

        /** The request is to end with this problem, whether a child runs on it or not. */
        void bodyRefused(Problem problem);
    }

    /** @param streamed whether the function wants it as it comes, which needs a length to begin with */
    static RequestBody of(
            HttpServerRequest request,
            boolean streamed,
            Callbacks callbacks,
            Gateway gateway,
            Edge edge,
            Listener listener) {
        return streamed && Framing.length(request) >= 0
                ? new StreamedBody(request, callbacks, gateway, edge, listener)
                : new GatheredBody(request, callbacks, gateway, edge, listener);
    }

    /** Whether a part of it has not come. @param body null when there is none */
    static boolean isHalf(RequestBody body) {
        return body != null && !body.isWhole();
    }

    /** {@link #release}, and {@link #isHalf} as it was before. @param body null when there is none */
    static boolean release(RequestBody body) {
        boolean half = isHalf(body);
        if (body != null) {
            body.release();
        }
        return half;
    }

    /** Asks for the body if the client waits to be asked; HTTP/1.0 has no such answer (RFC 9110 section 10.1.1). */
    static void sendContinue(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_1_0 && "100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            HeadWriter.sendContinue(request);
        }
    }

    /** Begins; the request's handlers are set before this returns, or it stays paused. */
    void begin();

    /** Bytes in all: what CONTENT_LENGTH says. Once it is ready. */
    long size();

    /** A reading of the whole body from its start, for this exchange. Once it is ready. */
    Stdin stdin(Exchange exchange);

    /** Whether all of it has arrived. */
    boolean isWhole();

    /** Whether another exchange could have it from its start. */
    boolean isRepeatable();

    /** The answer is complete, though a script may still read the body. */
    default void answered() {}

    /** The client is gone or was refused: nothing more is told. Idempotent. */
    void discard();

    /** After the exchange, or instead of one. Idempotent. */
    void release();
}
