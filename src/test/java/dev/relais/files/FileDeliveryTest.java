package dev.relais.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.http.Budgets;
import dev.relais.http.Callbacks;
import dev.relais.http.Edge;
import dev.relais.http.FileCodings;
import dev.relais.http.GatewayConfigs;
import dev.relais.http.HeadWriters;
import dev.relais.http.Problem;
import dev.relais.http.ResponseWriter;
import dev.relais.http.VertxConnection;
import dev.relais.sites.Application;
import dev.relais.sites.Asked;
import dev.relais.sites.DenyList;
import dev.relais.sites.PathRules;
import dev.relais.sites.Place;
import dev.relais.telemetry.Timeline;
import dev.relais.testing.Patience;
import dev.relais.testing.RawClient;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a delivery holds is given back, also when no thread does its work. */
class FileDeliveryTest {
    private static final Asked ASKED =
            new Asked("/a.png", Integer.MAX_VALUE, "", "/a.png", "", "", true, false, (target, before) -> null);

    @TempDir
    Path root;

    private final List<Problem> problems = Collections.synchronizedList(new ArrayList<>());
    private final EventLoop loop = new EmbeddedChannel().eventLoop();
    private FilePlaces places;
    private Application folder;

    /** All threads are busy for ever. */
    private static final class Busy implements Offload {
        @Override
        public <T> void open(Search<T> search, Consumer<T> discard, EventLoop loop, BiConsumer<T, Throwable> then) {
            then.accept(null, new FileUnavailable("as this test wants"));
        }

        @Override
        public <T> void read(Callable<T> work, EventLoop loop, BiConsumer<T, Throwable> then) {
            then.accept(null, new FileUnavailable("as this test wants"));
        }
    }

    private class Listener implements FileDelivery.Listener {
        @Override
        public boolean isDone() {
            return false;
        }

        @Override
        public boolean mustClose() {
            return false;
        }

        @Override
        public void runScript(Place script) {
            throw new AssertionError(script);
        }

        @Override
        public void finishWith(Problem problem, String name, String value) {
            assertEquals("Retry-After", name);
            problems.add(problem);
        }

        @Override
        public void done(int status) {
            throw new AssertionError(status);
        }
    }

    private static HttpServerRequest request() {
        MultiMap fields = MultiMap.caseInsensitiveMultiMap();
        return (HttpServerRequest) Proxy.newProxyInstance(
                FileDeliveryTest.class.getClassLoader(),
                new Class<?>[] {HttpServerRequest.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "headers" -> fields;
                    case "getHeader" -> null;
                    case "method" -> HttpMethod.GET;
                    case "version" -> HttpVersion.HTTP_2; // whose files are read, by a thread
                    case "response" -> null;
                    case "uri" -> "/a.png";
                    default -> throw new UnsupportedOperationException(method.toString());
                });
    }

    /** Lets a file be found that is too large for the memory, so that it is kept open, and looks it up once. */
    private FileChannel keep(HttpServerRequest request) throws IOException {
        root = root.toRealPath();
        Files.write(root.resolve("a.png"), new byte[FilePlaces.SMALL + 1]);
        places = new FilePlaces(
                new FileOpener(), FileCodings.of(GatewayConfigs.of(Map.of())), 1 << 20, () -> 5, Instant::now);
        folder = new Application("", root, List.of(), List.of(), PathRules.of(DenyList.NONE), null, Map.of());
        OpenFile first =
                places.find(Demand.of(folder, ASKED, request), opened -> {}).file();
        FileChannel channel = first.opened();
        first.close();
        assertTrue(channel.isOpen(), "it is kept");
        return channel;
    }

    private void find(HttpServerRequest request, EventLoop of, FileDelivery.Listener listener) {
        FileAccess access = new FileAccess(null, new FileOpener(), new Busy(), places);
        Edge edge = new Edge(of, 0, () -> 0);
        ResponseWriter writer =
                new ResponseWriter(request, edge, HeadWriters.plain(), Budgets.of(1 << 20), new Timeline(null, 0));
        Callbacks callbacks = new Callbacks(() -> {}, () -> {}, () -> {});
        new FileDelivery(access, edge, request, writer, "files", callbacks, listener).find(folder, ASKED);
    }

    @Test
    void aFileThatWasKeptOpenIsGivenBackWhenNoThreadChecksIt() throws Exception {
        FileChannel channel = keep(request());
        find(request(), loop, new Listener());

        assertEquals(List.of(Problem.FILE_UNAVAILABLE), problems);
        places.clear();
        assertFalse(channel.isOpen(), "nobody has it any more");
    }

    /** By HTTP/1.1 in clear the kernel copies it, and a file that has another length is found anew. */
    @Test
    void aFileThatWasKeptOpenNeedsNoThreadWhereTheKernelCopiesIt() throws Exception {
        FileChannel channel = keep(request());
        Vertx vertx = Vertx.vertx();
        try {
            HttpServer server = vertx.createHttpServer()
                    .requestHandler(
                            asked -> find(asked, VertxConnection.channel(asked).eventLoop(), new Listener() {
                                @Override
                                public void done(int status) {
                                    // as is wanted
                                }

                                @Override
                                public void finishWith(Problem problem, String name, String value) {
                                    super.finishWith(problem, name, value);
                                    asked.response().setStatusCode(503).end();
                                }
                            }))
                    .listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(Patience.SECONDS, TimeUnit.SECONDS);
            try (RawClient client = RawClient.connect(server.actualPort())) {
                for (int i = 0; i < 3; i++) {
                    assertEquals(
                            FilePlaces.SMALL + 1, client.get("/a.png").answer().body().length);
                }
                assertEquals(List.of(), problems);
                Files.write(root.resolve("a.png"), new byte[FilePlaces.SMALL + 2]);
                assertEquals(503, client.get("/a.png").answer().status());
                assertEquals(List.of(Problem.FILE_UNAVAILABLE), problems);
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(Patience.SECONDS, TimeUnit.SECONDS);
        }
        places.clear();
        assertFalse(channel.isOpen(), "nobody has it any more");
    }
}
