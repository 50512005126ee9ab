package dev.relais.gateway;

import dev.relais.http.ConnectionVariables;
import dev.relais.http.RequestId;
import dev.relais.http.TraceParent;
import dev.relais.telemetry.Timeline;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** What observers may ask of a request. Called on its event loop. */
record RequestDetails(HttpServerRequest request, ConnectionVariables variables) implements Timeline.Request {
    @Override
    public String clientAddress() {
        return variables.client(request);
    }

    @Override
    public @Nullable String id() {
        return RequestId.of(request);
    }

    @Override
    public String scheme() {
        return variables.scheme(request);
    }

    @Override
    public @Nullable String traceId() {
        return TraceParent.traceId(request.headers());
    }

    @Override
    public String method() {
        return request.method().name();
    }

    @Override
    public @Nullable String target() {
        return request.uri();
    }

    @Override
    public String protocol() {
        return CgiEnvironment.protocol(request.version());
    }

    @Override
    public @Nullable String field(String name) {
        String value = request.headers().get(name);
        return value == null && name.equals("host") && request.authority() != null
                ? request.authority().toString()
                : value;
    }
}
