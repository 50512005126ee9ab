package dev.relais.worker;

import org.jboss.logging.Logger;

/** What the log of its master tells of a worker's children: their output goes to our own log, their ends to the worker. */
final class WorkerLog implements ChildOutput {
    private static final Logger LOG = Logger.getLogger(WorkerLog.class);

    private final Worker worker;

    WorkerLog(Worker worker) {
        this.worker = worker;
    }

    @Override
    public void line(long pid, String text) {
        LOG.infof("%s: child %d: %s", worker, pid, text);
    }

    @Override
    public void ended(ChildExit exit) {
        worker.onExit(exit.pid());
    }
}
