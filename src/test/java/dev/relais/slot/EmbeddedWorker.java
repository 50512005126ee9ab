package dev.relais.slot;

import dev.relais.events.Events;
import dev.relais.fastcgi.EmbeddedChild;
import dev.relais.fastcgi.FinishMark;
import dev.relais.fastcgi.Wire;
import dev.relais.process.Command;
import dev.relais.process.ProcReader;
import dev.relais.process.ProcessEnder;
import dev.relais.process.ProcessTree;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * A worker whose children are connections in memory, each with a process that only sleeps, so that it can be ended as one of PHP. All
 * is done on the thread of the test.
 */
public final class EmbeddedWorker implements AutoCloseable {
    private static final FinishMark MARK = new FinishMark("nonce");

    private final List<Process> processes = new ArrayList<>();
    private final ProcReader proc = new ProcReader(Path.of("/proc"), 4096);
    private final ProcessEnder ender =
            new ProcessEnder(proc, new ProcessTree(proc, new Command(ProcessBuilder::start, Duration.ofSeconds(10))));
    private final EmbeddedChannel loop;
    private final Worker worker;

    /**
     * @param loop the channel of whose event loop the slots are
     * @param nanos a clock that moves with that loop's
     */
    public EmbeddedWorker(int children, EmbeddedChannel loop, LongSupplier nanos, SlotListener listener) {
        this.loop = loop;
        SlotContext context = new SlotContext(
                Path.of("/proof.php"),
                ender,
                proc,
                Runnable::run,
                MARK,
                Slots.neverRecycling(),
                UploadFolders.NONE,
                ErrorPipes.NONE,
                4096,
                true,
                null,
                new Events(),
                nanos);
        worker = new Worker(0, children, List.of(loop.eventLoop()), context, listener, Slots.listener(() -> {}));
        worker.attach(Path.of("/no/socket")); // what it tries to connect to itself fails, on this kind of loop
        loop.runPendingTasks();
    }

    public Worker worker() {
        return worker;
    }

    /** Starts a process for a slot that has none, and has it answer the proof. */
    public EmbeddedChild start(int slot) throws IOException {
        Process process = new ProcessBuilder("sleep", "600").start();
        processes.add(process);
        EmbeddedChild child = new EmbeddedChild(worker.slot(slot).connection(), MARK);
        child.received();
        child.sends(Wire.answer(Long.toString(process.pid())));
        loop.runPendingTasks();
        return child;
    }

    /** The process of a slot has died by itself; its connection is the test's to close. */
    public void kill(int slot) throws InterruptedException {
        long pid = worker.slot(slot).pid();
        for (Process process : processes) {
            if (process.pid() == pid) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        ender.close();
    }
}
