package dev.relais.worker;

import dev.relais.events.Events;
import dev.relais.events.WorkerEvent;
import dev.relais.slot.Worker;
import dev.relais.slot.WorkerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A master that is started beside the present one of its worker and takes over once it has all its children, so that no request
 * is affected; and the masters that it has replaced, until their last scripts have ended. During that time the worker needs
 * twice its processes and memory; where they are not available, the present master stays. Confined to the supervisor thread.
 */
final class Successor {
    private final Worker worker;
    private final GroupParts parts;
    private final Events events;
    private final Consumer<WorkerProcess> ready;
    private final List<WorkerProcess> former = new ArrayList<>();
    private @Nullable WorkerProcess coming; // null for none

    /** @param ready receives a master that has all its children */
    Successor(Worker worker, GroupParts parts, Consumer<WorkerProcess> ready) {
        this.worker = worker;
        this.parts = parts;
        this.events = parts.events();
        this.ready = ready;
    }

    /** Whether a successor was started that is not ready yet. */
    boolean isAwaited() {
        return coming != null;
    }

    /** Starts a successor, which is given up when it is not ready within {@code relais.workers.start-timeout}. */
    void start() {
        try {
            WorkerProcess started = parts.launcher().start(worker.id(), worker.log());
            coming = started;
            started.onReady().whenCompleteAsync((done, failed) -> onReady(started, failed == null), parts.supervisor());
            parts.supervisor()
                    .schedule(
                            () -> onReady(started, false),
                            parts.config().startTimeout().toMillis(),
                            TimeUnit.MILLISECONDS);
        } catch (IOException | RuntimeException e) {
            events.add(new WorkerEvent.MasterNotStarted(worker.id(), e.getMessage()));
        }
    }

    private void onReady(WorkerProcess started, boolean ok) {
        if (coming != started) {
            return;
        }
        coming = null;
        int children = ok ? started.children() : 0;
        if (children >= worker.size()) {
            events.add(new WorkerEvent.MasterReplaced(worker.id(), started.pid()));
            ready.accept(started);
        } else {
            events.add(new WorkerEvent.MasterNotStarted(
                    worker.id(),
                    "it has only started " + children + " of " + worker.size() + " children; the present one goes on"));
            started.killGroup();
        }
    }

    /** A master was replaced. It is ended once nothing runs under it. */
    void leave(WorkerProcess followed) {
        former.add(followed);
    }

    /**
     * Ends replaced masters under which nothing runs any more. That happens in a limited time, since each script has a time
     * limit.
     */
    void endFormer() {
        for (Iterator<WorkerProcess> each = former.iterator(); each.hasNext(); ) {
            WorkerProcess one = each.next();
            if (!worker.isUsing(one.socket())) {
                each.remove();
                one.terminate(parts.config().stopTimeout());
            }
        }
    }

    /** @return completes when nothing is left of all of them */
    List<CompletableFuture<Void>> stop() {
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        if (coming != null) {
            ends.add(coming.killGroup().toCompletableFuture());
            coming = null;
        }
        for (WorkerProcess one : former) {
            ends.add(one.terminate(parts.config().stopTimeout()).toCompletableFuture());
        }
        former.clear();
        return ends;
    }
}
