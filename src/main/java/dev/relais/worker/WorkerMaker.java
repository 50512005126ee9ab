package dev.relais.worker;

import dev.relais.slot.SlotContext;
import dev.relais.slot.SlotListener;
import dev.relais.slot.Worker;
import dev.relais.slot.WorkerListener;
import io.netty.channel.EventLoop;
import java.util.List;

/**
 * Makes the workers of a group.
 *
 * @param loops the event loops that get the connections
 * @param slots called for every slot that becomes free
 * @param changes called when a worker changes
 * @param first added to the numbers of workers
 */
record WorkerMaker(List<EventLoop> loops, SlotContext context, SlotListener slots, WorkerListener changes, int first)
        implements GroupParts.Maker {
    @Override
    public Worker make(int id, int children) {
        return new Worker(first + id, children, loops, context, slots, changes);
    }

    /** Makes workers with other numbers, who tell others. */
    WorkerMaker from(int id, SlotListener freed, WorkerListener changed) {
        return new WorkerMaker(loops, context, freed, changed, id);
    }
}
