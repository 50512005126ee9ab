package dev.relais.gateway;

import io.netty.buffer.ByteBuf;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.headers.HeadersMultiMap;
import io.vertx.core.net.HostAndPort;
import java.lang.reflect.Proxy;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;

/**
 * An HTTP/1.1 client as an answer sees it: it records what it was sent, and says whether it takes more. A call that it does not
 * know fails.
 */
final class ScriptedClient {
    private final MultiMap requestHeaders = HeadersMultiMap.httpHeaders();
    private final MultiMap headers = HeadersMultiMap.httpHeaders();
    private final StringBuilder body = new StringBuilder();
    private final ArrayDeque<Handler<AsyncResult<Void>>> underWay = new ArrayDeque<>();
    private Handler<Void> onDrained;
    private boolean full;
    private boolean headWritten;
    private boolean ended;
    private boolean reset;
    private boolean closed;
    private int status = 200;
    private String reason = "OK";
    private HttpMethod verb = HttpMethod.GET;
    private String uri = "/api/scripted";
    private boolean bodyIsComing;
    private Handler<Buffer> onChunk;
    private Handler<Void> onEnd;
    private final HttpConnection connection; // null: nobody asks for it

    ScriptedClient() {
        this(null);
    }

    ScriptedClient(HttpConnection connection) {
        this.connection = connection;
    }

    final HttpServerResponse response = (HttpServerResponse) Proxy.newProxyInstance(
            ScriptedClient.class.getClassLoader(),
            new Class<?>[] {HttpServerResponse.class},
            (proxy, method, arguments) -> onResponse(method.getName(), arguments == null ? new Object[0] : arguments));

    final HttpServerRequest request = (HttpServerRequest) Proxy.newProxyInstance(
            ScriptedClient.class.getClassLoader(),
            new Class<?>[] {HttpServerRequest.class},
            (proxy, method, arguments) -> onRequest(method.getName(), arguments));

    @SuppressWarnings("unchecked")
    private Object onRequest(String method, Object[] arguments) {
        return switch (method) {
            case "response" -> response;
            case "version" -> HttpVersion.HTTP_1_1;
            case "method" -> verb;
            case "uri" -> uri;
            case "connection" -> connection;
            case "authority" -> HostAndPort.create("localhost", 80);
            case "isSSL" -> false;
            case "bytesRead" -> 0L;
            case "headers" -> requestHeaders;
            case "getHeader" -> requestHeaders.get(arguments[0].toString());
            case "isEnded" -> !bodyIsComing;
            case "handler" -> {
                onChunk = (Handler<Buffer>) arguments[0];
                yield request;
            }
            case "endHandler" -> {
                onEnd = (Handler<Void>) arguments[0];
                yield request;
            }
            case "exceptionHandler", "pause", "resume" -> request;
            default -> throw new UnsupportedOperationException("request." + method);
        };
    }

    @SuppressWarnings("unchecked")
    private Object onResponse(String method, Object[] arguments) {
        switch (method) {
            case "setStatusCode" -> status = (int) arguments[0];
            case "setStatusMessage" -> reason = (String) arguments[0];
            case "setChunked", "closeHandler" -> {}
            case "writeHead" -> headWritten = true;
            case "drainHandler" -> onDrained = (Handler<Void>) arguments[0];
            case "reset" -> reset = true;
            case "close" -> closed = true;
            case "write" -> send((Buffer) arguments[0], (Handler<AsyncResult<Void>>) arguments[1]);
            case "end" -> {
                ended = true;
                Buffer last = arguments.length == 2 ? (Buffer) arguments[0] : Buffer.buffer();
                send(last, (Handler<AsyncResult<Void>>) arguments[arguments.length - 1]);
            }
            default -> {
                return state(method);
            }
        }
        return switch (method) {
            case "reset" -> true;
            case "writeHead" -> Future.succeededFuture();
            default -> response;
        };
    }

    private Object state(String method) {
        return switch (method) {
            case "getStatusCode" -> status;
            case "getStatusMessage" -> reason;
            case "headers" -> headers;
            case "writeQueueFull" -> full;
            case "bytesWritten" -> (long) body.length();
            case "ended" -> ended;
            default -> throw new UnsupportedOperationException("response." + method);
        };
    }

    private void send(Buffer bytes, Handler<AsyncResult<Void>> onWritten) {
        headWritten = true;
        ByteBuf buffer = bytes.getByteBuf();
        body.append(buffer.toString(StandardCharsets.ISO_8859_1));
        if (onWritten != null) {
            underWay.add(onWritten);
        }
    }

    /** It asks for this. */
    void asks(HttpMethod wanted, String target) {
        verb = wanted;
        uri = target;
    }

    /** It will send a body of this length. */
    void announces(long length) {
        asks(HttpMethod.POST, uri);
        requestHeaders.set("Content-Length", Long.toString(length));
        bodyIsComing = true;
    }

    /** It sends a part of its body. */
    void sends(String text) {
        onChunk.handle(Buffer.buffer(text));
    }

    /** It has sent all of its body. */
    void hasSent() {
        bodyIsComing = false;
        onEnd.handle(null);
    }

    /** Whether it was asked to send its body. */
    boolean maySend() {
        return onChunk != null;
    }

    /** The client takes nothing for now. */
    void stop() {
        full = true;
    }

    /** The client takes everything that was sent, and more. */
    void takeAll() {
        full = false;
        written(true);
        if (onDrained != null) {
            onDrained.handle(null);
        }
    }

    /** What was sent has reached the client, or the client is gone. */
    void written(boolean reached) {
        for (int i = underWay.size(); i > 0; i--) {
            underWay.remove()
                    .handle(reached ? Future.succeededFuture() : Future.failedFuture(new ClosedChannelException()));
        }
    }

    int status() {
        return status;
    }

    String header(String name) {
        return headers.get(name);
    }

    /** All bytes of the body that were sent so far. */
    String body() {
        return body.toString();
    }

    boolean isHeadWritten() {
        return headWritten;
    }

    boolean isEnded() {
        return ended;
    }

    /** Whether its connection was closed after the answer. */
    boolean isClosed() {
        return closed;
    }

    /** Whether its connection was broken off. */
    boolean isReset() {
        return reset;
    }
}
