package dev.relais.worker;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;

/** Workers whose children are all free and have no PHP behind them: for measuring the claim alone. */
public final class Slots {
    private Slots() {}

    public static List<Worker> workers(int count, int children) {
        EventLoop loop = new DefaultEventLoop();
        ChildContext context = new ChildContext(null, child -> {}, () -> {}, null, Runnable::run, null, 0);
        List<Worker> workers = new ArrayList<>();
        for (int id = 0; id < count; id++) {
            Worker worker = new Worker(id, children, List.of(loop), context);
            for (int child = 0; child < children; child++) {
                worker.publish(child);
            }
            workers.add(worker);
        }
        return workers;
    }

    /** What {@link Child#publish} does on a live connection. */
    public static void release(Child child) {
        child.worker().publish(child.index());
    }
}
