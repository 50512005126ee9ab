package dev.relais.body;

import dev.relais.ConfigurationProblem;
import dev.relais.LimitedLog;
import dev.relais.OutOfMemory;
import dev.relais.http.GatewayConfig;
import dev.relais.system.Disk;
import dev.relais.telemetry.SpoolMeters;
import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The folder for bodies and answers that outgrew their memory, and the cap on the bytes of all their files together. Any thread. */
@Singleton
public class Spool {
    /** There is no space, because the spool files have as many bytes as they may have, or because the disk is full. */
    public static final class Full extends IOException {
        Full(String reason) {
            super(reason);
        }
    }

    private static final LimitedLog LOG = new LimitedLog(Spool.class);
    private static final String KEY = "relais.http.spool-directory";

    static final int THREADS = 20;

    private final WorkerExecutor threads;
    private final Optional<Path> directory;
    private final long capacity;
    private final AtomicLong used = new AtomicLong();
    private final SpoolMeters meters;

    @Inject
    Spool(GatewayConfig config, Vertx vertx, SpoolMeters meters) {
        GatewayConfig.check(config);
        // The spool has its own threads, so that a hanging disk does not delay what runs on the threads that Vert.x
        // shares, such as the probes.
        this.threads = vertx.createSharedWorkerExecutor("relais-spool", THREADS);
        this.directory = config.spoolDirectory();
        this.capacity = config.spoolCapacity().asLongValue();
        this.meters = meters;
        meters.bind(used, capacity);
    }

    /** @throws ConfigurationProblem when no file can be created in the spool's folder. Blocks. */
    public void check() {
        try {
            open().close();
        } catch (IOException e) {
            Object shown = directory.isPresent() ? directory.get() : null;
            throw new ConfigurationProblem(
                    KEY, shown, "no file can be made there (" + e + ")", "name a folder that this user may write to");
        }
    }

    /** The bytes that all spool files together may have. */
    long capacity() {
        return capacity;
    }

    /** The file system of the spool's folder. Blocks. */
    Disk disk() {
        return Disk.of(directory.orElse(Path.of(System.getProperty("java.io.tmpdir"))));
    }

    /** How much memory spool files may take, which is none unless their folder is in memory. Blocks. */
    public long memoryBytes() {
        Disk disk = disk();
        return disk.isMemory() ? Math.min(capacity, Math.max(0, disk.freeBytes())) : 0;
    }

    /** Creates a file and removes its name at once, so that nothing is left of it however the gateway ends. Blocks. */
    FileChannel open() throws IOException {
        Path path = directory.isPresent()
                ? Files.createTempFile(directory.get(), "relais-body-", null)
                : Files.createTempFile("relais-body-", null);
        try {
            return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } finally {
            Files.delete(path);
        }
    }

    /** Whether {@code bytes} more could be taken now. A refusal is counted. */
    public boolean hasSpaceFor(long bytes) {
        boolean space = bytes <= capacity - used.get();
        if (!space) {
            meters.full();
        }
        return space;
    }

    /** @throws Full when there is no space for so many more bytes */
    void take(long bytes) throws Full {
        if (!takes(bytes)) {
            meters.full();
            throw new Full("relais.http.spool-capacity is in use");
        }
    }

    /** Like {@link #take}, for what nobody waits for. */
    boolean takes(long bytes) {
        boolean space = used.addAndGet(bytes) <= capacity;
        if (!space) {
            used.addAndGet(-bytes);
        }
        return space;
    }

    void giveBack(long bytes) {
        used.addAndGet(-bytes);
    }

    /**
     * A file cannot be created or written, most likely because the disk is full or this process has as many files open as it
     * may. For the request that is the same as a full spool; for operators it is logged and counted separately.
     */
    Full failed(IOException failure) {
        meters.failed();
        LOG.warn("Spool cannot be written", "", "Spool cannot be written: cause=%s", failure);
        return new Full(failure.toString());
    }

    /**
     * Closes a file that nothing reads from any more, and gives its space back. On a worker thread: with its last user the kernel
     * frees all that is in a file without a name, which takes milliseconds for a large one, and more where many clients go at once.
     */
    void close(FileChannel file, long size) {
        threads.executeBlocking(
                        () -> {
                            file.close();
                            return null;
                        },
                        false)
                .onComplete(closed -> {
                    used.addAndGet(-size);
                    if (closed.failed()) {
                        LOG.warn(
                                "Spool file cannot be closed",
                                "",
                                "Spool file cannot be closed: cause=%s",
                                closed.cause());
                    }
                });
    }

    /** Runs what blocks on a worker thread; what it throws is dropped. */
    void work(Callable<Void> task) {
        threads.executeBlocking(task, false).onComplete(result -> OutOfMemory.mind(result.cause()));
    }

    /**
     * Runs what blocks on a worker thread.
     *
     * @param then run on the loop afterwards, with the failure or null
     */
    public void work(Callable<Void> task, EventLoop loop, Consumer<@Nullable Throwable> then) {
        threads.executeBlocking(task, false).onComplete(result -> {
            OutOfMemory.mind(result.cause());
            loop.execute(() -> then.accept(result.cause()));
        });
    }
}
