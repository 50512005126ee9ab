package dev.relais.slot;

import dev.relais.process.ChildOutput;
import dev.relais.process.ProcReader;
import io.netty.channel.EventLoop;
import java.nio.file.Path;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One worker as the data plane sees it: a fixed set of slots, of which {@link FreeSlots} says which are free. It outlives its masters:
 * when one dies, the slots let go of it, and attach to the next one's socket. Any thread may claim.
 */
public final class Worker implements SlotOwner {
    private static final Logger LOG = Logger.getLogger(Worker.class);

    private final int id;
    private final FreeSlots free;
    private final Slot[] slots;
    private final AbandonedRuns abandoned;
    private final ProcReader proc;
    private final WorkerLog log;
    private final CopiedMessages copies;
    private final SlotListener listener;
    private final WorkerListener changes;
    private final SlowRun slowRun = new SlowRun();
    private volatile int proven;
    private volatile boolean warned;
    private volatile @Nullable Path socket; // of its master, or of the one before; null before the first

    /**
     * @param id dense, from 0
     * @param loops the event loops; the slots' connections are spread over them in turn
     * @param listener told of each slot that becomes free
     * @param changes told of what changes with the worker
     */
    public Worker(
            int id,
            int children,
            List<EventLoop> loops,
            SlotContext context,
            SlotListener listener,
            WorkerListener changes) {
        this.id = id;
        this.free = new FreeSlots(children, loops.size(), id);
        this.slots = new Slot[children];
        this.abandoned = new AbandonedRuns(context.ender());
        this.proc = context.proc();
        this.copies = new CopiedMessages(children, context.mark().message(), this::mayLog, this::write);
        this.log = new WorkerLog(id, copies, this::function, this::onExit, context.events());
        this.listener = listener;
        this.changes = changes;
        SlotHome home = new Home();
        for (int i = 0; i < children; i++) {
            this.slots[i] = new Slot(home, i, loops.get(free.loopOf(i)), context);
        }
    }

    @Override
    public int id() {
        return id;
    }

    /** How many children are configured, which is also how many slots there are. */
    public int size() {
        return slots.length;
    }

    /** Slots that are not free: running a script, or without a child that has answered. Exact at the instant it is read. */
    public int busy() {
        return free.taken();
    }

    /** Slots with a child that are not free: at work. Nearly exact while connections come and go. */
    public int used() {
        return busy() - (slots.length - proven);
    }

    public boolean isFree(int slot) {
        return free.isFree(slot);
    }

    public boolean hasFree() {
        return free.isAny();
    }

    /** Children that have answered their first exchange and whose connection still stands. */
    public int proven() {
        return proven;
    }

    /** True while at least one child can serve or is serving. */
    public boolean serving() {
        return proven > 0;
    }

    public Slot slot(int index) {
        return slots[index];
    }

    /**
     * Claims a free slot, by preference one whose connection lives on the given loop.
     *
     * @return null when none is free
     */
    public @Nullable Slot tryClaim(int loop) {
        int claimed = free.claim(loop);
        return claimed < 0 ? null : slots[claimed];
    }

    /** A master listens at this socket, or soon will; what runs under the one before may end there. Supervisor thread. */
    public void attach(Path path) {
        warned = false;
        socket = path;
        for (Slot slot : slots) {
            slot.attach(path);
        }
    }

    /** Whether something may still run under the master at this socket, to which no new connection is made. Blocks shortly. */
    public boolean isUsing(Path former) {
        for (Slot slot : slots) {
            if (slot.connection().isOn(former)) {
                return true;
            }
        }
        return !abandoned.isEmpty() && isConnected(former);
    }

    /** The master is gone or leaving. Supervisor thread. @param letRunningEnd whether what runs may still end */
    public void detach(boolean letRunningEnd) {
        for (Slot slot : slots) {
            slot.detach(letRunningEnd);
        }
    }

    /**
     * Once it is detached: whether no script of it runs any more, as far as is known. No new connection is made then, so a connection that
     * is still open at PHP's side is that of an abandoned run. Blocks shortly.
     */
    public boolean isDrained() {
        return !serving() && (abandoned.isEmpty() || !isConnected(socket));
    }

    private boolean isConnected(@Nullable Path master) {
        return master != null && proc.isConnected(master);
    }

    /** Its master says that the process of this number has ended. Blocks shortly; any thread. */
    void onExit(long pid) {
        if (proc.stat(pid) == null) {
            abandoned.ended(pid);
        }
        Slot slot = slotOf(pid);
        if (slot != null) {
            slot.connection().look();
        }
    }

    /** Whether this process is one of its proven children, or runs on for a client who has gone. Any thread. */
    public boolean isKnown(long pid) {
        for (Slot slot : slots) {
            if (slot.connection().isProven() && slot.pid() == pid) {
                return true;
            }
        }
        return abandoned.isOf(pid);
    }

    private void write(long pid, String text, boolean logged) {
        ChildMessage.log(id, pid, function(pid), text, logged);
    }

    /** The function that a child runs, or last ran; null when none is known. */
    private @Nullable String function(long pid) {
        Slot slot = slotOf(pid);
        UsualLatency usual = slot == null ? null : slot.usualLatency();
        return usual == null ? null : usual.function();
    }

    private boolean mayLog(long pid) {
        Slot slot = slotOf(pid);
        return slot != null && slot.mayLog();
    }

    /** Takes what its master's log tells of its children. */
    public ChildOutput log() {
        return log;
    }

    /** The slot on which this process was last proven; null when none was. Any thread. */
    @Nullable
    Slot slotOf(long pid) {
        for (Slot slot : slots) {
            if (slot.pid() == pid) {
                return slot;
            }
        }
        return null;
    }

    SlowRun slowRun() {
        return slowRun;
    }

    public AbandonedRuns abandoned() {
        return abandoned;
    }

    synchronized void provenChanged(int change) {
        proven += change;
    }

    FreeSlots free() {
        return free;
    }

    @Override
    public String toString() {
        return "worker " + id;
    }

    /** What the slots see of it. */
    private final class Home implements SlotHome {
        @Override
        public SlotOwner worker() {
            return Worker.this;
        }

        @Override
        public FreeSlots free() {
            return free;
        }

        @Override
        public AbandonedRuns abandoned() {
            return abandoned;
        }

        @Override
        public CopiedMessages copies() {
            return copies;
        }

        @Override
        public void freed(int slot) {
            listener.freed(slots[slot]);
        }

        @Override
        public void provenMore() {
            boolean first = !serving();
            provenChanged(1);
            if (first) {
                changes.onServing();
            }
        }

        @Override
        public void provenLess() {
            provenChanged(-1);
        }

        @Override
        public void exchangeEnded(double relativeLatency) {
            if (slowRun.add(relativeLatency)) {
                changes.onSlow();
            }
        }

        /** Said once for each master, since all children would say the same, again and again. */
        @Override
        public void unproven(Path script) {
            if (!warned) {
                warned = true;
                LOG.errorf(
                        "PHP does not answer with its process id, perhaps for open_basedir, auto_prepend_file or permissions:"
                                + " worker=%d script=%s",
                        id, script);
            }
        }
    }
}
