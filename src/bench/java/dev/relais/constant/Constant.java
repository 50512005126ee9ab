package dev.relais.constant;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;

/**
 * The server under Relais without Relais, for {@code src/bench/cached}: Vert.x with as many event loops answers each request with the
 * same bytes, whose number the query gives: {@code /api/kept?bytes=1024}, and with the fields that a kept answer has. Run from its source
 * with the libraries of the package.
 */
public final class Constant {
    private static final int MOST_BYTES = 1 << 20;

    private Constant() {}

    /** @param args the port, and the number of event loops */
    public static void main(String[] args) {
        int port = Integer.parseInt(args[0]);
        int loops = Integer.parseInt(args[1]);
        Vertx vertx =
                Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(loops));
        Buffer all = Buffer.buffer(new byte[MOST_BYTES]);
        // Instances of a verticle have an event loop each; servers that one thread makes share one.
        vertx.deployVerticle(() -> new Answering(port, all), new DeploymentOptions().setInstances(loops));
    }

    private static final class Answering extends AbstractVerticle {
        private final int port;
        private final Buffer all;

        private Answering(int port, Buffer all) {
            this.port = port;
            this.all = all;
        }

        @Override
        public void start() {
            vertx.createHttpServer(new HttpServerOptions())
                    .requestHandler(request -> {
                        String bytes = request.getParam("bytes");
                        request.response()
                                .putHeader(HttpHeaders.CACHE_CONTROL, "max-age=3600")
                                .putHeader(HttpHeaders.CONTENT_TYPE, "application/octet-stream")
                                .putHeader(HttpHeaders.DATE, "Sun, 29 Nov 2026 04:51:19 GMT")
                                .putHeader(HttpHeaders.AGE, "1")
                                .end(all.slice(0, bytes == null ? 2 : Integer.parseInt(bytes)));
                    })
                    .listen(SocketAddress.inetSocketAddress(port, "127.0.0.1"));
        }
    }
}
