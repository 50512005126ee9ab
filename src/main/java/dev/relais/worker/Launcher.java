package dev.relais.worker;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Starts masters. Each start of the gateway's life gets another number, since the numbers of workers come back with each generation
 * while a dying master still removes its files (DESIGN.md fact 12). Any thread.
 */
final class Launcher {
    private final GroupParts parts;
    private final AtomicInteger starts = new AtomicInteger();

    Launcher(GroupParts parts) {
        this.parts = parts;
    }

    /** How many a generation has. */
    int workers() {
        return parts.config().count();
    }

    int children() {
        return parts.children();
    }

    WorkersConfig config() {
        return parts.config();
    }

    Backoff backoff() {
        return new Backoff(parts.config().restartDelay(), parts.config().restartDelayMax(), parts.random());
    }

    FpmMaster start(int worker, ChildOutput output) throws IOException {
        return FpmMaster.start(parts.launch(worker, starts.getAndIncrement()), parts.starter(), parts.groups(), output);
    }
}
