package dev.relais.http;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Singleton;

/** Socket settings for which Quarkus has no key, or whose own effect would be wrong for {@code /api/*}. */
@Singleton
public class SocketOptions implements HttpServerOptionsCustomizer {
    private final GatewayConfig config;

    SocketOptions(GatewayConfig config) {
        this.config = config;
    }

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        customize(options);
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        customize(options);
    }

    private void customize(HttpServerOptions options) {
        options.setTcpNoDelay(config.tcpNoDelay());
        // Vert.x' idle timeout would end running invocations (src/docs/facts.md, fact 21). ConnectionClock does this
        // instead.
        options.setIdleTimeout(0);
    }
}
