package dev.relais.slot;

import dev.relais.LogText;
import dev.relais.MessageLog;
import dev.relais.fastcgi.PhpMessage;
import dev.relais.process.ChildExit;
import dev.relais.process.ChildOutput;
import org.jboss.logging.Logger.Level;

/**
 * What the log of its master tells of a worker's children: their ends go to the worker, and what they say outside FastCGI to our own log,
 * with the function that the child runs, or last ran.
 */
public final class WorkerLog implements ChildOutput {
    private final Worker worker;

    public WorkerLog(Worker worker) {
        this.worker = worker;
    }

    @Override
    public void line(long pid, String text, boolean logged) {
        worker.copies().said(pid, text, logged);
    }

    @Override
    public void leftOut(long pid, long bytes) {
        worker.copies().leftOut(pid, bytes);
    }

    @Override
    public void ended(ChildExit exit) {
        worker.onExit(exit.pid());
        worker.copies().ended(exit.pid());
    }

    /** What is no copy of what came by FastCGI. */
    void write(long pid, String text, boolean logged) {
        if (text.isEmpty()) {
            return;
        }
        Slot slot = worker.slotOf(pid);
        UsualLatency usual = slot == null ? null : slot.usualLatency();
        String function = usual == null ? "" : usual.function();
        String origin = (usual == null ? "" : "function=" + LogText.escape(function) + " ") + "worker=" + worker.id()
                + " child=" + pid;
        MessageLog.log(logged ? PhpMessage.level(text) : Level.INFO, function, origin, text);
    }
}
