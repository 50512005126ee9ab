package dev.relais.fpm;

import dev.relais.process.ChildOutput;
import dev.relais.process.ProcReader;
import dev.relais.slot.ErrorPipes;
import dev.relais.slot.RunHistory;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@link ErrorPipe}s of all masters, in the daemon thread {@code relais-php-errors}. A thread that waited at the pipes would wake
 * for each request; this one looks ten times a second while anything runs, once a second otherwise, and at once while a script writes more
 * than a pipe can hold until then. Any thread may call.
 */
final class ErrorReader implements ErrorPipes, RunHistory.Reader {
    private static final Logger LOG = Logger.getLogger(ErrorReader.class);
    private static final long AT_WORK_NANOS = 100_000_000;
    private static final long IDLE_NANOS = 1_000_000_000;
    private static final long FLOODED_NANOS = 500_000;
    /** From so many bytes in one pipe on it is read again at once: a pipe holds 64 KiB. */
    private static final int FLOOD = 16 << 10;

    private final boolean reads;
    private final LongSupplier nanos;
    private final Map<Path, MasterErrors> masters = new ConcurrentHashMap<>(); // by socket
    private @Nullable Thread thread; // null: not started yet; guarded by this
    private volatile @Nullable Thread sleeper;
    private volatile boolean idle;
    private volatile boolean called;
    private volatile boolean closed;

    /**
     * @param reads whether children can write past their master
     * @param nanos the clock of intervals, as {@link System#nanoTime}
     */
    ErrorReader(boolean reads, LongSupplier nanos) {
        this.reads = reads;
        this.nanos = nanos;
    }

    boolean reads() {
        return reads;
    }

    /**
     * Reads the pipes of this master too, from now on.
     *
     * @param output takes what its children write
     */
    synchronized MasterErrors add(FpmLaunch launch, ChildOutput output, ProcReader proc) {
        int count = reads ? MasterErrors.count(launch.setup().children()) : 0;
        MasterErrors errors = new MasterErrors(launch, count, output, this, proc);
        masters.put(launch.socket(), errors);
        if (reads && thread == null) {
            thread = new Thread(this::run, "relais-php-errors");
            thread.setDaemon(true);
            thread.start();
        }
        return errors;
    }

    /** The master has ended with all its children. */
    void remove(Path socket) {
        MasterErrors errors = masters.remove(socket);
        if (errors != null) {
            errors.close();
        }
    }

    @Override
    public Offer offer(@Nullable Path socket) {
        MasterErrors errors = socket == null ? null : masters.get(socket);
        return errors == null ? Offer.NONE : errors.offer();
    }

    @Override
    public void unread(boolean many) {
        if (many || idle) {
            idle = false;
            called |= many;
            LockSupport.unpark(sleeper);
        }
    }

    private void run() {
        sleeper = Thread.currentThread();
        byte[] buffer = new byte[64 << 10];
        while (!closed) {
            boolean flooded = false;
            boolean unread = false;
            for (MasterErrors errors : masters.values()) {
                flooded |= read(errors, buffer) >= FLOOD;
                unread |= errors.isUnread();
            }
            if (flooded) {
                LockSupport.parkNanos(FLOODED_NANOS);
            } else {
                rest(unread);
            }
        }
    }

    /** Whatever one pipe brings, this thread reads on: a child whose pipe is full waits for ever. */
    private static int read(MasterErrors errors, byte[] buffer) {
        try {
            return errors.read(buffer);
        } catch (RuntimeException e) {
            LOG.errorf(e, "Pipes of a master were not read to their end");
            return 0;
        }
    }

    private void rest(boolean unread) {
        if (!unread) {
            idle = true;
            for (MasterErrors errors : masters.values()) {
                if (errors.isUnread()) { // it has begun before it could see that we are idle
                    idle = false;
                }
            }
            long end = nanos.getAsLong() + IDLE_NANOS;
            while (idle && !closed && end - nanos.getAsLong() > 0) {
                LockSupport.parkNanos(this, end - nanos.getAsLong());
            }
            boolean woken = !idle;
            idle = false;
            if (!woken) {
                return;
            }
        }
        long end = nanos.getAsLong() + AT_WORK_NANOS;
        while (!called && !closed && end - nanos.getAsLong() > 0) {
            LockSupport.parkNanos(this, end - nanos.getAsLong());
        }
        called = false;
    }

    /** After all masters have ended. */
    void close() {
        closed = true;
        LockSupport.unpark(sleeper);
        for (Path socket : masters.keySet()) {
            remove(socket);
        }
    }
}
