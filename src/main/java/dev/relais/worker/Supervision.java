package dev.relais.worker;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Keeps one worker's master alive. Confined to the supervisor thread, but for what says otherwise.
 *
 * <p>A master found dead may have left children that go on serving, so its whole group is ended first, and the next one gets a
 * new socket path (DESIGN.md fact 12); restarts back off exponentially with jitter.
 */
final class Supervision {
    private static final Logger LOG = Logger.getLogger(Supervision.class);
    /** A master that lived this long was healthy: its next restart is quick again. */
    private static final long HEALTHY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Worker worker;
    private final Launcher launcher;
    private final ScheduledExecutorService supervisor;
    private final Backoff backoff;

    private FpmMaster master; // null: none
    private long startedNanos;
    private boolean stopping;
    private volatile long restarts;
    private volatile long masterPid = -1;
    private volatile String failure; // null: none yet

    Supervision(Worker worker, Launcher launcher, ScheduledExecutorService supervisor) {
        this.worker = worker;
        this.launcher = launcher;
        this.supervisor = supervisor;
        this.backoff = launcher.backoff();
    }

    void start() {
        if (stopping) {
            return;
        }
        try {
            FpmMaster started = launcher.start(worker.id(), new WorkerLog(worker));
            master = started;
            masterPid = started.pid();
            startedNanos = System.nanoTime();
            worker.attach(started.socket());
            started.onExit().thenAcceptAsync(status -> onExit(started, status), supervisor);
        } catch (IOException | RuntimeException e) {
            String problem = "the master of " + worker + " cannot be started: " + e.getMessage();
            LOG.error(problem);
            failure = problem;
            restartLater();
        }
    }

    private void onExit(FpmMaster exited, int status) {
        if (stopping || master != exited) {
            return;
        }
        LOG.errorf("%s: master %d ended with status %d; restarting it", worker, exited.pid(), status);
        failure = "the master of " + worker + " ended with status " + status + "; the log of dev.relais.php says why";
        master = null;
        masterPid = -1;
        worker.detach(false);
        if (System.nanoTime() - startedNanos > HEALTHY_NANOS) {
            backoff.reset();
        }
        // What is left of the group holds no socket that anybody uses; but it must be gone before its work is done
        // again.
        exited.killGroup().whenCompleteAsync((done, failure) -> restartLater(), supervisor);
    }

    private void restartLater() {
        if (!stopping) {
            restarts++;
            supervisor.schedule(this::start, backoff.next().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** The worker takes no more requests, what it runs may end, and its master is not restarted. */
    void leave() {
        stopping = true;
        worker.detach(true);
    }

    /** @return completes when nothing of the worker is left */
    CompletableFuture<Void> stop() {
        stopping = true;
        worker.detach(false);
        return master == null
                ? CompletableFuture.completedFuture(null)
                : master.terminate(launcher.config().stopTimeout()).toCompletableFuture();
    }

    /** How often the master was restarted since the start. Any thread. */
    long restarts() {
        return restarts;
    }

    /** Why a master has ended or could not be started, the last that did, in one line; null when none has. Any thread. */
    String failure() {
        return failure;
    }

    /** -1 while there is none. Any thread. */
    long masterPid() {
        return masterPid;
    }
}
