package dev.relais.process;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Starts processes in a thread of its own, {@code relais-starter}, that does nothing else. A process inherits the niceness of the thread
 * that starts it, and without privileges it can never be lowered again: were that a thread which gives way to the event loops, PHP would
 * give way to everything. So this thread is made when the gateway starts, by a thread that nobody has slowed down. Any thread may call.
 */
final class StarterThread implements ProcessStarter {
    private final ThreadPoolExecutor thread =
            new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                Thread made = new Thread(task, "relais-starter");
                made.setDaemon(true);
                return made;
            });

    StarterThread() {
        thread.prestartCoreThread();
    }

    @Override
    public Process start(ProcessBuilder builder) throws IOException {
        Future<Process> started = thread.submit(builder::start);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return started.get();
                } catch (InterruptedException e) {
                    interrupted = true; // a fork does not take long, and the process must not be lost
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IOException(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
