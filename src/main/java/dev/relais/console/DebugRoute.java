package dev.relais.console;

import dev.relais.debug.CallNode;
import dev.relais.debug.DebugFiles;
import dev.relais.debug.KeptFile;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * {@code GET /q/relais/debug}: the debug lane, with the profiles and traces that Xdebug has written. {@code POST
 * /q/relais/debug/files/<name>} gives one, and with {@code /calls} at the end the tree of the calls of a profile. They tell of the code, so they
 * are POSTs, which {@link ManagementGuard} lets only those send who may act. All on worker threads.
 */
@Singleton
final class DebugRoute {
    private static final String PATH = "/q/relais/debug";
    private static final int PIECE = 64 << 10;
    private static final long PIECE_SECONDS = 30;
    /** What is drawn narrower than a pixel is not sent. */
    private static final double LEAST_SHARE = 0.0005;

    private final DebugFiles files;

    DebugRoute(DebugFiles files) {
        this.files = files;
    }

    void register(@Observes ManagementInterface management) {
        management.router().get(PATH).blockingHandler(this::list, false);
        management.router().post(PATH + "/files/:name").blockingHandler(this::file, false);
        management.router().post(PATH + "/files/:name/calls").blockingHandler(this::calls, false);
    }

    private void list(RoutingContext context) {
        JsonArray all = new JsonArray();
        try {
            for (KeptFile file : files.list()) {
                all.add(new JsonObject()
                        .put("name", file.name())
                        .put("mode", file.modeWord())
                        .put("script", file.script())
                        .put("bytes", file.bytes())
                        .put("time", file.time().toString())
                        .put("complete", file.complete()));
            }
        } catch (IOException e) {
            JsonAnswer.refuse(context, 500, "the files cannot be listed");
            return;
        }
        JsonObject modes = new JsonObject();
        files.modes().forEach((mode, running) -> modes.put(mode, new JsonObject().put("running", running)));
        JsonAnswer.send(
                context,
                200,
                new JsonObject()
                        .put("possible", !files.modes().isEmpty())
                        .put("modes", modes)
                        .put("files", all));
    }

    private void file(RoutingContext context) {
        String name = context.pathParam("name");
        HttpServerResponse response = context.response();
        try (InputStream in = files.open(name)) {
            response.putHeader("Content-Type", "application/octet-stream")
                    .putHeader("Content-Disposition", "attachment; filename=\"" + name + "\"")
                    .putHeader("X-Content-Type-Options", "nosniff")
                    .putHeader("Cache-Control", "no-store")
                    .setChunked(true);
            for (byte[] piece = in.readNBytes(PIECE); piece.length > 0; piece = in.readNBytes(PIECE)) {
                response.write(Buffer.buffer(piece))
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(PIECE_SECONDS, TimeUnit.SECONDS);
            }
            response.end();
        } catch (NoSuchFileException e) {
            JsonAnswer.refuse(context, 404, "there is no such file");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            response.reset();
        } catch (IOException | ExecutionException | TimeoutException e) {
            response.reset(); // the client is gone or takes nothing
        }
    }

    private void calls(RoutingContext context) {
        try {
            CallNode root = files.calls(context.pathParam("name"));
            JsonAnswer.send(context, 200, json(root, (long) (root.totalNanos() * LEAST_SHARE)));
        } catch (NoSuchFileException e) {
            JsonAnswer.refuse(context, 404, "there is no such profile");
        } catch (IOException e) {
            JsonAnswer.refuse(context, 422, "it cannot be read as a profile: " + e.getMessage());
        }
    }

    private static JsonObject json(CallNode node, long least) {
        JsonArray callees = new JsonArray();
        for (CallNode callee : node.callees()) {
            if (callee.totalNanos() >= least) {
                callees.add(json(callee, least));
            }
        }
        return new JsonObject()
                .put("name", node.name())
                .put("total", node.totalNanos())
                .put("self", node.selfNanos())
                .put("calls", node.calls())
                .put("callees", callees);
    }
}
