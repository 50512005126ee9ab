package dev.relais.worker;

import dev.relais.LogText;
import dev.relais.events.Events;
import dev.relais.events.WorkerEvent;
import dev.relais.process.ExitStatus;
import dev.relais.slot.Child;
import dev.relais.slot.LostSlots;
import dev.relais.slot.RecycleReason;
import dev.relais.slot.Slot;
import dev.relais.slot.Worker;
import dev.relais.slot.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Supervises one worker and replaces its master and missing children. Confined to the supervisor thread, unless a method says
 * otherwise.
 *
 * <p>A dead master may have left children that go on serving, so its whole group is ended first, and the next master gets a new
 * socket path (src/docs/facts.md, fact 12). That a master lives is not enough; its slots must have children. When some slots
 * have none, the master is made to start them, or another master takes over beside it, so that no request is lost. When all
 * slots have none, the master is ended and restarted. The pauses between these remedies grow exponentially, with jitter.
 */
final class Supervision {
    private static final Logger LOG = Logger.getLogger(Supervision.class);
    /** A master that has lived this long was healthy, so its next restart is quick again. */
    private static final long HEALTHY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Worker worker;
    private final GroupParts parts;
    private final Events events;
    private final ScheduledExecutorService supervisor;
    private final Backoff backoff;
    private final LostSlots lost;
    private final Successor successor;

    private @Nullable WorkerProcess master; // null for none
    private long startedNanos;
    private boolean stopping;
    private long idleNanos = Long.MAX_VALUE; // the time since the last remedy
    private long pauseNanos; // the pause after the last remedy
    private boolean mild; // whether the last remedy has kept the master
    private volatile long restarts;
    private volatile long masterPid = -1;
    private volatile @Nullable String failure; // null before the first
    private volatile @Nullable String problem; // null while there is none

    Supervision(Worker worker, GroupParts parts) {
        this.worker = worker;
        this.parts = parts;
        this.events = parts.events();
        this.supervisor = parts.supervisor();
        this.backoff = parts.backoff();
        this.lost = new LostSlots(worker, parts.config().startTimeout());
        this.successor = new Successor(worker, parts, this::takeOver);
    }

    /**
     * Starts the master, if there is none. One that cannot be started is tried again later.
     *
     * @return completes when it is ready; with its failure when it has ended before or cannot be started; at once when there was nothing to start
     */
    CompletionStage<Void> start() {
        if (stopping || master != null) {
            return CompletableFuture.completedStage(null);
        }
        try {
            WorkerProcess started = parts.launcher().start(worker.id(), worker.log());
            install(started);
            worker.attach(started.socket());
            CompletionStage<Void> listening = started.onReady().thenRun(() -> worker.listens(started.socket()));
            watch(started);
            return listening;
        } catch (IOException | RuntimeException e) {
            failure = "the master of " + worker + " cannot be started: " + e.getMessage();
            events.add(new WorkerEvent.MasterNotStarted(worker.id(), e.getMessage()));
            restartLater();
            return CompletableFuture.failedStage(e);
        }
    }

    private void install(WorkerProcess started) {
        master = started;
        masterPid = started.pid();
        startedNanos = parts.nanos().getAsLong();
        lost.forget();
    }

    private void watch(WorkerProcess started) {
        started.onExit().thenAcceptAsync(status -> onExit(started, status), supervisor);
    }

    private void onExit(WorkerProcess exited, int status) {
        if (stopping || master != exited) {
            return;
        }
        String ended = "ended with status " + ExitStatus.describe(status);
        events.add(new WorkerEvent.MasterRestarted(worker.id(), exited.pid(), ended));
        failure = "the master of " + worker + " " + ended + "; the log of dev.relais.php says why";
        if (parts.nanos().getAsLong() - startedNanos > HEALTHY_NANOS) {
            backoff.reset();
        }
        restart(exited);
    }

    /**
     * Restarts the master. What is left of its group has no socket that is still used, but it must have ended before its work
     * is done again.
     */
    private void restart(WorkerProcess gone) {
        master = null;
        masterPid = -1;
        worker.detach(false);
        gone.killGroup().whenCompleteAsync((done, failed) -> restartLater(), supervisor);
    }

    private void restartLater() {
        if (!stopping) {
            restarts++;
            supervisor.schedule(this::start, backoff.next().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /**
     * Checks whether the master and all children exist, and applies a remedy if not.
     *
     * @param elapsedNanos the time since the last look during which this process ran
     */
    void look(long elapsedNanos) {
        successor.endFormer();
        if (stopping) {
            return;
        }
        idleNanos = idleNanos > Long.MAX_VALUE - elapsedNanos ? Long.MAX_VALUE : idleNanos + elapsedNanos;
        lost.look(elapsedNanos);
        WorkerProcess current = master;
        if (current == null) {
            return;
        }
        mendFiles(current);
        String found = current.isReady() && !Files.exists(current.socket()) ? "its socket is gone" : lostChildren();
        problem = found;
        if (found == null) {
            mild = false;
            if (worker.proven() == worker.size() && parts.nanos().getAsLong() - startedNanos > HEALTHY_NANOS) {
                backoff.reset();
            }
        } else if (idleNanos >= pauseNanos && !successor.isAwaited()) {
            remedy(current, found);
        }
    }

    private void mendFiles(WorkerProcess current) {
        try {
            if (current.mendFiles()) {
                LOG.warnf(
                        "Files of a master were gone from the run directory and are written anew: worker=%d master=%d",
                        worker.id(), masterPid);
            }
        } catch (IOException e) {
            LOG.errorf(
                    "File of a master cannot be written: worker=%d master=%d cause=%s",
                    worker.id(), masterPid, LogText.value(e.getMessage()));
        }
    }

    private @Nullable String lostChildren() {
        int count = lost.count();
        return count == 0
                ? null
                : count + " of " + worker.size() + " children have not answered for relais.workers.start-timeout="
                        + parts.config().startTimeout();
    }

    private void remedy(WorkerProcess current, String found) {
        idleNanos = 0;
        pauseNanos = parts.config().startTimeout().toNanos() + backoff.next().toNanos();
        boolean nothingToLose = worker.proven() == 0 && worker.abandoned().isEmpty();
        if (nothingToLose) {
            failure = worker + ": master " + masterPid + " is restarted: " + found;
            events.add(new WorkerEvent.MasterRestarted(worker.id(), masterPid, found));
            restart(current);
        } else if (!mild && Files.exists(current.socket()) && startMissing(current)) {
            mild = true;
            events.add(new WorkerEvent.ChildrenMissing(worker.id(), masterPid, found));
        } else {
            mild = false;
            failure = worker + ": master " + masterPid + " is to be replaced by another one: " + found;
            events.add(new WorkerEvent.MasterReplacing(worker.id(), masterPid, found));
            successor.start();
        }
    }

    /**
     * Makes the master start the missing children, which it does whenever a child ends: children that hang are killed, or else
     * an idle one is replaced. Blocks for a short time.
     *
     * @return false when no child can be spared, or the master would not replace it
     */
    private boolean startMissing(WorkerProcess current) {
        if (!current.replacesChildren()) {
            return false;
        }
        Instant young = parts.clock().instant().minus(parts.config().startTimeout());
        return current.killUnknown(worker::isKnown, young) || worker.proven() > 1 && replaceIdle();
    }

    private boolean replaceIdle() {
        for (int i = 0; i < worker.size(); i++) {
            Slot slot = worker.slot(i);
            Child child = slot.child();
            if (worker.isFree(i) && child != null) {
                slot.recycle(child, RecycleReason.MISSING);
                return true;
            }
        }
        return false;
    }

    /** The successor is ready. */
    private void takeOver(WorkerProcess next) {
        if (stopping) {
            next.killGroup();
            return;
        }
        WorkerProcess former = master;
        restarts++;
        install(next);
        watch(next);
        worker.attach(next.socket());
        if (former != null) {
            successor.leave(former);
        }
    }

    /** The worker takes no more requests. What it runs may end, and its master is not restarted. */
    void leave() {
        stopping = true;
        worker.detach(true);
    }

    /** @return completes when nothing of the worker is left */
    CompletableFuture<Void> stop() {
        stopping = true;
        worker.detach(false);
        List<CompletableFuture<Void>> ends = new ArrayList<>(successor.stop());
        if (master != null) {
            ends.add(master.terminate(parts.config().stopTimeout()).toCompletableFuture());
        }
        return CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
    }

    /** How often the master was restarted or replaced since the start. Any thread. */
    long restarts() {
        return restarts;
    }

    /** The number of slots that have had no child for longer than a start may take. Any thread. */
    int lost() {
        return lost.count();
    }

    /** What is wrong with the worker now, in one line; null when nothing is. Any thread. */
    @Nullable
    String problem() {
        return problem;
    }

    /** Why the last failing master has ended or could not be started, in one line; null when none has failed. Any thread. */
    @Nullable
    String failure() {
        return failure;
    }

    /** The master's process id; -1 while there is none. Any thread. */
    long masterPid() {
        return masterPid;
    }
}
