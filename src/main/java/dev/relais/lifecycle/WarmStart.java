package dev.relais.lifecycle;

import dev.relais.Phase;
import dev.relais.service.ServiceNotices;
import dev.relais.warmup.SelfWarmUp;
import dev.relais.worker.WorkerGroup;
import io.quarkus.vertx.http.DomainSocketServerStart;
import io.quarkus.vertx.http.HttpServerStart;
import io.quarkus.vertx.http.HttpsServerStart;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Has the gateway warm up once a port is open, and not before, so that the port is open as early as without. Until the end it is not ready.
 */
@Singleton
class WarmStart {
    private final SelfWarmUp warmUp;
    private final TrainingRun training;
    private final WorkerGroup workers;
    private final Phase phase;
    private final ServiceNotices notices;
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile boolean wanted;

    WarmStart(SelfWarmUp warmUp, TrainingRun training, WorkerGroup workers, Phase phase, ServiceNotices notices) {
        this.warmUp = warmUp;
        this.training = training;
        this.workers = workers;
        this.phase = phase;
        this.notices = notices;
    }

    /** Before the ports open. */
    void expect() {
        wanted = warmUp.isWanted();
        if (wanted) {
            phase.warmUp();
        } else {
            notices.warm();
        }
    }

    void onOpen(@ObservesAsync HttpServerStart event) {
        begin();
    }

    void onOpen(@ObservesAsync HttpsServerStart event) {
        begin();
    }

    void onOpen(@ObservesAsync DomainSocketServerStart event) {
        begin();
    }

    private void begin() {
        boolean trains = TrainingRun.isAsked();
        if (!wanted && !trains || !begun.compareAndSet(false, true)) {
            return;
        }
        Runnable end = trains ? training::end : notices::warm;
        if (wanted) {
            warmUp.begin(trains ? training.directory() : workers.runDirectory(), end);
        } else {
            end.run();
        }
    }

    void stop() {
        warmUp.stop();
    }
}
