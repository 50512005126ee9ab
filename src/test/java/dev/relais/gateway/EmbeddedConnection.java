package dev.relais.gateway;

import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.Http1xServerConnection;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** A client's connection of Vert.x in memory, over which nothing goes: only its addresses and its end are asked for. */
final class EmbeddedConnection {
    private final Line line = new Line();
    private final HttpConnection connection;

    private static final class Line extends EmbeddedChannel {
        Line() {
            super(new ChannelInboundHandlerAdapter());
        }

        @Override
        protected SocketAddress remoteAddress0() {
            return new InetSocketAddress("192.0.2.1", 40_000);
        }

        @Override
        protected SocketAddress localAddress0() {
            return new InetSocketAddress("192.0.2.2", 80);
        }
    }

    EmbeddedConnection(Vertx vertx) {
        ContextInternal context = ((VertxInternal) vertx)
                .createEventLoopContext(line.eventLoop(), null, getClass().getClassLoader());
        connection = new Http1xServerConnection(
                () -> context,
                null,
                new HttpServerOptions(),
                line.pipeline().firstContext(),
                context,
                "http://localhost",
                null);
    }

    HttpConnection connection() {
        return connection;
    }

    boolean isOpen() {
        return line.isActive();
    }

    /** The client goes away. */
    void hangUp() {
        line.close();
        line.runPendingTasks();
    }
}
