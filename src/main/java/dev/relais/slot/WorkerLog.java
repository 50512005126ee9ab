package dev.relais.slot;

import dev.relais.LogText;
import dev.relais.MessageLog;
import dev.relais.events.Events;
import dev.relais.events.WorkerEvent;
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
    private final Events events;

    WorkerLog(Worker worker, Events events) {
        this.worker = worker;
        this.events = events;
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
        String function = function(exit.pid()); // before the slot has another child
        worker.onExit(exit.pid());
        worker.copies().ended(exit.pid());
        if (exit.isCrash()) {
            events.add(new WorkerEvent.ChildEnded(worker.id(), exit.pid(), function, "exited " + exit.how()));
        }
    }

    /** The function that a child runs, or last ran; null when none is known. */
    private String function(long pid) {
        Slot slot = worker.slotOf(pid);
        UsualLatency usual = slot == null ? null : slot.usualLatency();
        return usual == null ? null : usual.function();
    }

    /** What is no copy of what came by FastCGI. */
    void write(long pid, String text, boolean logged) {
        if (text.isEmpty()) {
            return;
        }
        String function = function(pid);
        String origin = (function == null ? "" : "function=" + LogText.escape(function) + " ") + "worker=" + worker.id()
                + " child=" + pid;
        MessageLog.log(logged ? PhpMessage.level(text) : Level.INFO, function == null ? "" : function, origin, text);
    }
}
