package dev.relais.gateway;

import dev.relais.admission.Refusal;
import dev.relais.http.ClientDeadline;
import dev.relais.http.PatientTimer;
import dev.relais.telemetry.Timeline;
import io.netty.channel.EventLoop;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.TimeUnit;

/**
 * One invocation's wait for a child: as long as configured, unless the client says that it gives up earlier. Confined to the
 * request's event loop.
 */
final class QueueWait {
    /** A twentieth of a client's deadline is left for what the gateway does not see: the way of the head to it and of the answer back. */
    private static final int WAY = 20;

    private final Invocation invocation;
    private final Gateway gateway;
    private final HttpServerRequest request;
    private final long headNanos;
    private long patienceNanos;
    private long overNanos;
    private long beganNanos; // 0: not yet
    private final PatientTimer timer;

    /** @param headNanos when the request's head came */
    QueueWait(Invocation invocation, EventLoop loop, Gateway gateway, HttpServerRequest request, long headNanos) {
        this.invocation = invocation;
        this.gateway = gateway;
        this.request = request;
        this.headNanos = headNanos;
        this.timer =
                new PatientTimer(loop, this::leftNanos, invocation.callbacks().task(this::onOver));
    }

    /** From now on, in nanoseconds: what the client's deadline leaves counts less what the function most likely takes. */
    long patienceNanos() {
        patienceNanos = gateway.dispatch().room().maxWait().toNanos();
        long millis = ClientDeadline.millis(request);
        if (millis >= 0) {
            long left = headNanos + TimeUnit.MILLISECONDS.toNanos(millis) - System.nanoTime();
            long likely = (long) invocation.gate().likelyNanos();
            long way = TimeUnit.MILLISECONDS.toNanos(millis) / WAY;
            patienceNanos = Math.max(0, Math.min(patienceNanos, left - likely - way));
        }
        return patienceNanos;
    }

    /** It is in the waiting room. */
    void begin(Timeline timeline) {
        long now = System.nanoTime();
        timeline.queued(now);
        if (beganNanos == 0) {
            beganNanos = now;
        }
        overNanos = now + patienceNanos;
        timer.start();
    }

    private long leftNanos() {
        return overNanos - System.nanoTime();
    }

    private void onOver() {
        if (gateway.dispatch().leave(invocation, true)) {
            invocation.overloaded(Refusal.WAIT_OVER);
        }
    }

    /** It has a child. */
    void served() {
        if (timer.isRunning()) {
            end();
            gateway.meters().waited(System.nanoTime() - beganNanos);
        }
    }

    void end() {
        timer.stop();
    }
}
