package dev.relais.slot;

import dev.relais.process.ProcReader;
import io.netty.channel.EventLoop;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jboss.logging.Logger;

/**
 * One worker as the data plane sees it: a fixed set of children and one bit for each slot that is free.
 *
 * <p>A claim is one compare-and-set that clears a bit, a release one that sets it. It outlives its masters: when one dies, the
 * children detach, and attach to the next one's socket. Any thread may claim.
 */
public final class Worker {
    private static final Logger LOG = Logger.getLogger(Worker.class);

    private final int id;
    private final Slot[] slots;
    private final AtomicLongArray free;
    private final long[][] local; // [event loop][word]: the children whose connection lives on that loop
    private final AbandonedRuns abandoned;
    private final ProcReader proc;
    private final WorkerLog log;
    private final CopiedMessages copies;
    private final SlowRun slowRun = new SlowRun();
    private volatile int proven;
    private volatile boolean warned;
    private volatile Path socket; // of its master, or of the one before; null before the first

    /**
     * @param id dense, from 0
     * @param loops the event loops; the children's connections are spread over them in turn
     */
    public Worker(int id, int children, List<EventLoop> loops, SlotContext context) {
        this.id = id;
        this.slots = new Slot[children];
        this.free = new AtomicLongArray(words(children));
        this.abandoned = new AbandonedRuns(context.ender());
        this.proc = context.proc();
        this.log = new WorkerLog(this, context.events());
        this.copies = new CopiedMessages(children, context.mark().message(), this::mayLog, log::write);
        this.local = new long[loops.size()][words(children)];
        for (int i = 0; i < children; i++) {
            // Offset by the worker's id, so that with few children per worker every loop still owns some.
            int loop = (i + id) % loops.size();
            local[loop][i >> 6] |= 1L << i;
            this.slots[i] = new Slot(this, i, loops.get(loop), loop, context);
        }
    }

    private static int words(int children) {
        return (children + 63) >> 6;
    }

    public int id() {
        return id;
    }

    /** Configured children; also the most that can be free. */
    public int size() {
        return slots.length;
    }

    /** Children that are not free: running a script, or not yet (again) proven. Exact at the instant it is read. */
    public int busy() {
        int count = slots.length;
        for (int w = 0; w < free.length(); w++) {
            count -= Long.bitCount(free.get(w));
        }
        return count;
    }

    /** Proven children that are not free: at work. Nearly exact while connections come and go. */
    public int used() {
        return busy() - (slots.length - proven);
    }

    public boolean isFree(int slot) {
        return (free.get(slot >> 6) & 1L << slot) != 0;
    }

    public boolean hasFree() {
        for (int w = 0; w < free.length(); w++) {
            if (free.get(w) != 0) {
                return true;
            }
        }
        return false;
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
     * Claims a free slot, first one whose connection lives on the given loop, so that the exchange needs no hop; of those the
     * lowest, so that few children stay warm.
     *
     * @return null when none is free
     */
    public Slot tryClaim(int loop) {
        for (int w = 0; w < free.length(); w++) {
            Slot slot = claimOf(w, local[loop][w]);
            if (slot != null) {
                return slot;
            }
        }
        if (local.length == 1) {
            return null;
        }
        for (int w = 0; w < free.length(); w++) {
            Slot slot = claimOf(w, -1L);
            if (slot != null) {
                return slot;
            }
        }
        return null;
    }

    private Slot claimOf(int word, long mask) {
        long bits;
        while (((bits = free.get(word)) & mask) != 0) {
            long bit = Long.lowestOneBit(bits & mask);
            if (free.compareAndSet(word, bits, bits & ~bit)) {
                return slots[(word << 6) + Long.numberOfTrailingZeros(bit)];
            }
        }
        return null;
    }

    /** Sets the bit of a slot that is not free. */
    void publish(int slot) {
        long bit = 1L << slot;
        long bits;
        do {
            bits = free.get(slot >> 6);
            assert (bits & bit) == 0 : "slot released twice";
        } while (!free.compareAndSet(slot >> 6, bits, bits | bit));
    }

    /** Takes a slot out of the free ones. @return false when it was not free: somebody owns the slot */
    boolean withdraw(int slot) {
        long bit = 1L << slot;
        long bits;
        do {
            bits = free.get(slot >> 6);
            if ((bits & bit) == 0) {
                return false;
            }
        } while (!free.compareAndSet(slot >> 6, bits, bits & ~bit));
        return true;
    }

    /** Supervisor thread: a master listens, or soon will, at this socket; what runs under the one before may end there. */
    public void attach(Path path) {
        warned = false;
        socket = path;
        for (Slot slot : slots) {
            slot.attach(path);
        }
    }

    /** Whether something still runs, or may, under the master at this socket, which it has moved away from. Blocks shortly. */
    public boolean isUsing(Path former) {
        for (Slot slot : slots) {
            if (slot.connection().isOn(former)) {
                return true;
            }
        }
        return !abandoned.isEmpty() && proc.isConnected(former);
    }

    /** Supervisor thread: the master is gone or leaving; what runs may still end. */
    public void detach(boolean letRunningEnd) {
        for (Slot slot : slots) {
            slot.detach(letRunningEnd);
        }
    }

    /**
     * Once it is detached: no script of it runs any more, as far as is known. Nobody connects to it now, so that an abandoned run shows by
     * the connection that its process has not closed yet. Blocks shortly.
     */
    public boolean isDrained() {
        return !serving() && (abandoned.isEmpty() || !proc.isConnected(socket));
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

    private boolean mayLog(long pid) {
        Slot slot = slotOf(pid);
        return slot != null && slot.mayLog();
    }

    /** Takes what its master's log tells of its children. */
    public WorkerLog log() {
        return log;
    }

    /** Its children's standard error. */
    CopiedMessages copies() {
        return copies;
    }

    /** The slot on which this process was last proven; null when none was. Any thread. */
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

    /** Once for each master, since all children would say the same, again and again. Any thread. */
    void warnUnproven(Path script) {
        if (!warned) {
            warned = true;
            LOG.errorf(
                    "PHP does not answer with its process id, perhaps for open_basedir, auto_prepend_file or permissions:"
                            + " worker=%d script=%s",
                    id, script);
        }
    }

    /** Called by children on their loops. */
    synchronized void provenChanged(int change) {
        proven += change;
    }

    @Override
    public String toString() {
        return "worker " + id;
    }
}
