package dev.relais.worker;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Ends one PHP child: TERM, and KILL after 150 ms, since PHP can catch TERM (DESIGN.md fact 5). Only through the handle taken
 * when the child was mapped: it refuses a process id that is used again. Any thread; the signals are sent on the supervisor's.
 */
final class ProcessEnder {
    private static final long TERM_TO_KILL_MILLIS = 150;

    private final ScheduledExecutorService supervisor;

    ProcessEnder(ScheduledExecutorService supervisor) {
        this.supervisor = supervisor;
    }

    void end(ProcessHandle child) {
        supervisor.execute(child::destroy);
        supervisor.schedule(
                () -> {
                    if (child.isAlive()) {
                        child.destroyForcibly();
                    }
                },
                TERM_TO_KILL_MILLIS,
                TimeUnit.MILLISECONDS);
    }
}
