package dev.relais.slot;

import dev.relais.events.Events;
import dev.relais.fastcgi.FinishMark;
import dev.relais.process.ProcessEnder;
import io.netty.channel.EventLoop;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Workers without PHP, whose slots are free from the start. The tests of the balancer use them too. */
public final class Slots {
    private Slots() {}

    public static Worker worker(int id, int children, List<EventLoop> loops) {
        SlotContext context = new SlotContext(
                Path.of("/proof.php"),
                new ProcessEnder(null, null),
                null,
                Runnable::run,
                new FinishMark("nonce"),
                neverRecycling(),
                UploadFolders.NONE,
                ErrorPipes.NONE,
                4096,
                true,
                null,
                new Events(),
                System::nanoTime);
        Worker worker = new Worker(id, children, loops, context, slot -> {}, listener(() -> {}));
        for (int i = 0; i < children; i++) {
            worker.free().release(i);
        }
        return worker;
    }

    static Recycling neverRecycling() {
        return RecyclingTest.recycling(Map.of(), 1);
    }

    /** A listener that only passes on that a worker serves. */
    static WorkerListener listener(Runnable onServing) {
        return new WorkerListener() {
            @Override
            public void onServing() {
                onServing.run();
            }

            @Override
            public void onSlow() {}
        };
    }

    public static List<Worker> workers(int count, int children, List<EventLoop> loops) {
        List<Worker> workers = new ArrayList<>();
        for (int id = 0; id < count; id++) {
            workers.add(worker(id, children, loops));
        }
        return workers;
    }

    /** Makes all slots proven, as if all children had answered. */
    public static void prove(Worker worker) {
        worker.provenChanged(worker.size());
    }

    /** Frees a slot as {@link Slot#release} does for a proven child, on any thread. */
    public static void free(Slot slot) {
        ((Worker) slot.worker()).free().release(slot.index());
    }
}
