package dev.relais.slot;

import dev.relais.events.Events;
import dev.relais.events.WorkerEvent;
import dev.relais.process.ChildExit;
import dev.relais.process.ChildOutput;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Processes what the log of a worker's master says about its children: their ends, and their messages that do not come by
 * FastCGI. Runs on the log's thread.
 */
final class WorkerLog implements ChildOutput {
    private final int worker;
    private final CopiedMessages copies;
    private final LongFunction<@Nullable String> functions;
    private final LongConsumer onExit;
    private final Events events;

    /**
     * @param worker the worker's number
     * @param copies receives the messages of the children
     * @param functions gives the function that a child runs or last ran; null when none is known
     * @param onExit called with a process that has ended
     */
    WorkerLog(
            int worker,
            CopiedMessages copies,
            LongFunction<@Nullable String> functions,
            LongConsumer onExit,
            Events events) {
        this.worker = worker;
        this.copies = copies;
        this.functions = functions;
        this.onExit = onExit;
        this.events = events;
    }

    @Override
    public void line(long pid, String text, boolean logged) {
        copies.said(pid, functions.apply(pid), text, logged);
    }

    @Override
    public void line(long pid, @Nullable String function, String text, boolean logged) {
        copies.said(pid, function, text, logged); // the child may run something else by now
    }

    @Override
    public void runEnded(long pid) {
        copies.markRead(pid);
    }

    @Override
    public void leftOut(long pid, long bytes) {
        copies.leftOut(pid, bytes);
    }

    @Override
    public void ended(ChildExit exit) {
        String function = functions.apply(exit.pid()); // before the slot has another child
        onExit.accept(exit.pid());
        copies.ended(exit.pid());
        if (exit.isCrash()) {
            events.add(new WorkerEvent.ChildEnded(worker, exit.pid(), function, "exited " + exit.how()));
        }
    }
}
