package dev.relais.slot;

import dev.relais.LogText;
import dev.relais.process.ChildOutput;
import io.netty.channel.EventLoop;
import java.nio.file.Path;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One worker as the data plane sees it, which is a fixed set of slots; {@link FreeSlots} says which of them are free. It lives
 * longer than its masters: when one dies, the slots detach from it and attach to the next one's socket. Any thread may claim a
 * slot.
 */
public final class Worker implements SlotOwner {
    private static final Logger LOG = Logger.getLogger(Worker.class);

    private final int id;
    private final FreeSlots free;
    private final Slot[] slots;
    private final AbandonedRuns abandoned;
    private final WorkerLog log;
    private final CopiedMessages copies;
    private final SlotListener listener;
    private final WorkerListener changes;
    private final Notices notices;
    private int generation;
    private final SlowRun slowRun = new SlowRun();
    private volatile int proven;
    private volatile boolean warned;
    private volatile @Nullable String bootFailure; // of the last boot; null when it has succeeded, or there is none
    private volatile @Nullable Path socket; // the socket of its master, or of the one before; null before the first

    /**
     * @param id the worker's number, from 0 without gaps
     * @param loops the event loops; the slots' connections are spread over them in turn
     * @param listener called for each slot that becomes free
     * @param changes called when the worker changes
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
        this.abandoned = new AbandonedRuns(context.ender(), context.proc());
        this.copies = new CopiedMessages(
                children,
                context.mark()::isMark,
                this::mayLog,
                (pid, function, text, logged) -> ChildMessage.log(id, pid, function, text, logged),
                context.nanos());
        this.log = new WorkerLog(id, copies, this::function, this::onExit, context.events());
        this.listener = listener;
        this.changes = changes;
        this.notices = new Notices(id, free, slots, listener);
        SlotHome home = new Home();
        for (int i = 0; i < children; i++) {
            this.slots[i] = new Slot(home, i, loops.get(free.loopOf(i)), context);
        }
    }

    @Override
    public int id() {
        return id;
    }

    @Override
    public int generation() {
        return generation;
    }

    /** Sets its generation. Called once, before the worker is published. */
    public void generation(int number) {
        generation = number;
    }

    /** The configured number of children, which is also the number of slots. */
    public int size() {
        return slots.length;
    }

    /**
     * The number of slots that are not free, because they run a script or have no child that has answered. It is exact at the
     * instant it is read.
     */
    public int busy() {
        return free.taken();
    }

    /** The number of slots with a child that are not free, because the child works. It is nearly exact while connections change. */
    public int used() {
        return busy() - (slots.length - proven);
    }

    /**
     * For how long its slots together have run exchanges, since the worker was made. Any thread.
     *
     * @param nowNanos the time by the clock of its slots
     */
    public long busyNanos(long nowNanos) {
        long sum = 0;
        for (Slot slot : slots) {
            sum += slot.busyNanos(nowNanos);
        }
        return sum;
    }

    public boolean isFree(int slot) {
        return free.isFree(slot);
    }

    /** Whether a slot can be claimed. */
    public boolean hasFree() {
        return !notices.isDue() && free.isAny();
    }

    /**
     * Code has changed on the disk: from now on no slot can be claimed until one of the children has run this. What runs goes on. Any
     * thread.
     */
    public void tell(Notice notice) {
        notices.tell(notice);
    }

    /** How many slots nobody can claim just now, and all can as soon as the worker has been {@linkplain #tell told}. Any thread. */
    public int heldForNotice() {
        return notices.held();
    }

    /** The number of children that have answered their first exchange and whose connection is open. */
    public int proven() {
        return proven;
    }

    /** Whether at least one child can serve or is serving. */
    public boolean serving() {
        return proven > 0;
    }

    /** Why the application that children keep in memory could last not be booted; null when it could, or there is none. Any thread. */
    public @Nullable String bootFailure() {
        return bootFailure;
    }

    public Slot slot(int index) {
        return slots[index];
    }

    /**
     * Claims a free slot, preferably one whose connection is on the given loop.
     *
     * @return null when none is free, or a {@link Notice} is due
     */
    public @Nullable Slot tryClaim(int loop) {
        if (notices.isDue()) {
            return null;
        }
        int claimed = free.claim(loop);
        return claimed < 0 ? null : slots[claimed];
    }

    /** A master listens at this socket, or soon will. Scripts under the former master may still end there. Supervisor thread. */
    public void attach(Path path) {
        warned = false;
        socket = path;
        for (Slot slot : slots) {
            slot.attach(path);
        }
    }

    /** The master at this socket, which was attached before, listens from now on. Any thread. */
    public void listens(Path path) {
        for (Slot slot : slots) {
            slot.connection().listens(path);
        }
    }

    /**
     * Whether something may still run under the master at this socket, to which no new connection is made. Blocks for a short
     * time.
     */
    public boolean isUsing(Path former) {
        for (Slot slot : slots) {
            if (slot.connection().isOn(former)) {
                return true;
            }
        }
        return abandoned.mayRunUnder(former);
    }

    /**
     * The master is gone or leaving. Supervisor thread.
     *
     * @param letRunningEnd whether what runs may still end
     */
    public void detach(boolean letRunningEnd) {
        for (Slot slot : slots) {
            slot.detach(letRunningEnd);
        }
    }

    /**
     * Whether no script of a detached worker is known to run. No new connection is made then, so a connection that is still
     * open on PHP's side belongs to an abandoned run. Blocks for a short time.
     */
    public boolean isDrained() {
        return !serving() && !abandoned.mayRunUnder(socket);
    }

    /** The master reports that the process with this id has ended. Blocks for a short time; any thread. */
    void onExit(long pid) {
        abandoned.exited(pid);
        Slot slot = slotOf(pid);
        if (slot != null) {
            slot.connection().look();
        }
    }

    /** Whether this process is one of the proven children, or still runs for a client that has gone. Any thread. */
    public boolean isKnown(long pid) {
        for (Slot slot : slots) {
            if (slot.connection().isOf(pid)) {
                return true;
            }
        }
        return abandoned.isOf(pid);
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

    /** Receives what the master's log says about the children. */
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

    /** The worker as its slots see it. */
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
            if (!notices.takes(slots[slot])) {
                listener.freed(slots[slot]);
            }
        }

        @Override
        public void release(int slot) {
            free.release(slot);
            notices.begin();
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

        @Override
        public void bootOutcome(@Nullable String failure) {
            bootFailure = failure;
        }

        /** Logs the problem once for each master, since all children would cause the same line repeatedly. */
        @Override
        public void unproven(Path script) {
            if (!warned) {
                warned = true;
                LOG.errorf(
                        "PHP does not answer with its process id, perhaps for open_basedir, auto_prepend_file or permissions:"
                                + " worker=%d script=%s",
                        id, LogText.value(script));
            }
        }
    }
}
