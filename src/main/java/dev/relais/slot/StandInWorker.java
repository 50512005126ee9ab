package dev.relais.slot;

import dev.relais.events.Events;
import dev.relais.fastcgi.FinishMark;
import dev.relais.process.Command;
import dev.relais.process.ProcReader;
import dev.relais.process.ProcessEnder;
import dev.relais.process.ProcessTree;
import io.netty.channel.EventLoop;
import io.quarkus.runtime.configuration.MemorySize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;

/**
 * A worker without PHP: a thread of this process answers for its children, and says that it is this process. So no signal is ever sent, and
 * no child is ever replaced.
 */
public final class StandInWorker {
    private static final RecycleConfig NEVER = new RecycleConfig() {
        @Override
        public OptionalLong requests() {
            return OptionalLong.empty();
        }

        @Override
        public Optional<Duration> age() {
            return Optional.empty();
        }

        @Override
        public Optional<MemorySize> memory() {
            return Optional.empty();
        }

        @Override
        public double share() {
            return 0;
        }
    };

    private StandInWorker() {}

    /** The process number that its children are to say. */
    public static long pid() {
        return ProcessHandle.current().pid();
    }

    /**
     * Not attached yet.
     *
     * @param loops the event loops that get the connections
     * @param control runs what may block; never an event loop
     * @param headLimit bytes of a response head at most
     * @param onServing run on an event loop when the first of its children has answered
     */
    public static Worker of(
            int children,
            List<EventLoop> loops,
            Executor control,
            int headLimit,
            SlotListener slots,
            Runnable onServing) {
        ProcReader proc = new ProcReader(Path.of("/proc"), 4096);
        ProcessEnder ender =
                new ProcessEnder(proc, new ProcessTree(proc, new Command(ProcessBuilder::start, Duration.ZERO)));
        ender.close(); // it takes what it is to end, and does nothing
        SlotContext context = new SlotContext(
                Path.of("/proof.php"),
                ender,
                proc,
                control,
                new FinishMark("none"),
                new Recycling(NEVER, children),
                UploadFolders.NONE,
                ErrorPipes.NONE,
                headLimit,
                true,
                null,
                new Events(),
                System::nanoTime);
        return new Worker(0, children, loops, context, slots, new WorkerListener() {
            @Override
            public void onServing() {
                onServing.run();
            }

            @Override
            public void onSlow() {}
        });
    }
}
