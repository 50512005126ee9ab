package dev.relais.console;

import dev.relais.events.Events;
import dev.relais.events.StopEvent;
import dev.relais.telemetry.ManagementMeters;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * {@code GET /q/relais/console/events}: what the console shows, once a second, as server-sent events. While nobody looks nothing is done.
 * One worker thread makes each message for all viewers; each viewer's event loop writes it.
 */
@Singleton
final class ConsoleRoute {
    static final String PATH = "/q/relais/console/events";
    private static final Logger LOG = Logger.getLogger(ConsoleRoute.class);
    private static final long INTERVAL_MILLIS = 1_000;
    private static final long NO_TIMER = -1;
    private static final int MOST_QUEUED_BYTES = 64 << 10;

    private final ConsoleMessages messages;
    private final Events events;
    private final ManagementMeters meters;
    private final Vertx vertx;
    private final Viewers viewers = new Viewers();
    private final AtomicBoolean publishing = new AtomicBoolean();
    private long timer = NO_TIMER; // guarded by this

    ConsoleRoute(ConsoleMessages messages, Events events, ManagementMeters meters, Vertx vertx) {
        this.messages = messages;
        this.events = events;
        this.meters = meters;
        this.vertx = vertx;
    }

    void register(@Observes ManagementInterface management) {
        management.router().get(PATH).handler(this::handle);
        events.listen(entry -> {
            if (entry.event() instanceof StopEvent.Begun) {
                publish(); // idle connections are closed soon after
            }
        });
    }

    /** The stop of the gateway: before Quarkus closes the port, so that each page knows that it was no accident. */
    void onStop(@Observes @Priority(1) ShutdownEvent event) {
        viewers.close();
        stopTimer();
    }

    private void handle(RoutingContext context) {
        HttpServerResponse response = context.response();
        String site = context.request().getHeader("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            JsonAnswer.refuse(
                    context, 403, "not from a page of another site"); // it could read nothing, but take the places
            return;
        }
        Viewers.Viewer viewer = viewers.add(new Connection(response, vertx.getOrCreateContext()));
        if (viewer == null) {
            meters.refused(ManagementMeters.Reason.VIEWERS);
            response.putHeader("Retry-After", "10");
            JsonAnswer.refuse(context, 503, "there are " + Viewers.MOST + " viewers already, or the gateway stops");
            return;
        }
        response.closeHandler(closed -> viewers.remove(viewer));
        response.exceptionHandler(broken -> viewers.remove(viewer));
        response.setChunked(true)
                .setWriteQueueMaxSize(MOST_QUEUED_BYTES)
                .putHeader("Content-Type", "text/event-stream")
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Accel-Buffering", "no")
                .putHeader("X-Content-Type-Options", "nosniff")
                .write("retry: 2000\n\n");
        startTimer();
        publish(); // so that the first one need not wait for a second
    }

    private synchronized void startTimer() {
        if (timer == NO_TIMER) {
            timer = vertx.setPeriodic(INTERVAL_MILLIS, tick -> publish());
        }
    }

    /** Unless somebody has come meanwhile. */
    private synchronized void stopTimer() {
        if (timer != NO_TIMER && viewers.isEmpty()) {
            vertx.cancelTimer(timer);
            timer = NO_TIMER;
        }
    }

    /** Makes and sends the messages, unless that is being done: then the next second will do. */
    private void publish() {
        if (viewers.isEmpty()) {
            stopTimer();
        } else if (publishing.compareAndSet(false, true)) {
            vertx.executeBlocking(this::send, false).onComplete(done -> {
                publishing.set(false);
                if (done.failed()) {
                    LOG.error("The console's messages could not be made", done.cause());
                    viewers.end(); // their pages come again
                }
            });
        }
    }

    private Void send() {
        ConsoleMessages.Moment moment = messages.look();
        viewers.publish(() -> messages.all(moment), messages.now(moment), moment.isNews());
        return null;
    }

    /** The connection of one viewer. */
    private record Connection(HttpServerResponse response, Context loop) implements Viewers.Line {
        @Override
        public boolean isFull() {
            return response.writeQueueFull();
        }

        @Override
        public void send(Buffer message) {
            loop.runOnContext(now -> {
                if (!response.ended() && !response.closed()) {
                    response.write(message);
                }
            });
        }

        @Override
        public void end() {
            loop.runOnContext(now -> {
                if (!response.ended() && !response.closed()) {
                    response.end();
                }
            });
        }
    }
}
