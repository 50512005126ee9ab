package dev.relais.fpm;

import dev.relais.process.Backoff;
import dev.relais.process.ChildOutput;
import dev.relais.process.ProcReader;
import dev.relais.slot.RecycleReason;
import dev.relais.slot.Slot;
import dev.relais.slot.Worker;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Starts masters. Each start of the gateway's life gets another number, since the numbers of workers come back with each generation
 * while a dying master still removes its files (src/docs/facts.md, fact 12). Any thread.
 */
public final class Launcher {
    private final GroupParts parts;
    private final AtomicInteger starts = new AtomicInteger();

    public Launcher(GroupParts parts) {
        this.parts = parts;
    }

    /** How many a generation has. */
    public int workers() {
        return parts.config().count();
    }

    public int children() {
        return parts.children();
    }

    public WorkersConfig config() {
        return parts.config();
    }

    public Backoff backoff() {
        return new Backoff(parts.config().restartDelay(), parts.config().restartDelayMax(), parts.random());
    }

    public FpmMaster start(int worker, ChildOutput output) throws IOException {
        return FpmMaster.start(parts.launch(worker, starts.getAndIncrement()), parts.starter(), parts.groups(), output);
    }

    /** The children that a master has, none of which has ended. Blocks shortly. */
    public int children(FpmMaster master) {
        int count = 0;
        for (long pid : parts.proc().children(master.pid())) {
            ProcReader.Stat stat = parts.proc().stat(pid);
            count += stat != null && !stat.ended() ? 1 : 0;
        }
        return count;
    }

    /**
     * Makes a master start the children that its worker misses, as it does whenever one ends: those that hang are ended, else one that is
     * idle is replaced. Blocks shortly.
     *
     * @return false when there is none to spare, or the master is stopped and would replace none
     */
    public boolean startMissing(Worker worker, long master) {
        ProcReader.Stat stat = parts.proc().stat(master);
        if (stat == null || stat.state() == 'T' || stat.state() == 't') {
            return false;
        }
        return endHanging(worker, master) || worker.proven() > 1 && replaceIdle(worker);
    }

    /** Children that nobody's connection leads to, for longer than a start takes. */
    private boolean endHanging(Worker worker, long master) {
        Instant young = Instant.now().minus(config().startTimeout());
        boolean any = false;
        for (long pid : parts.proc().children(master)) {
            ProcessHandle child =
                    worker.isKnown(pid) ? null : ProcessHandle.of(pid).orElse(null);
            if (child != null
                    && parts.proc().runs(child)
                    && child.info().startInstant().orElse(Instant.MAX).isBefore(young)) {
                any |= child.destroyForcibly();
            }
        }
        return any;
    }

    private static boolean replaceIdle(Worker worker) {
        for (int i = 0; i < worker.size(); i++) {
            Slot slot = worker.slot(i);
            if (worker.isFree(i) && slot.child() != null) {
                slot.recycle(slot.child(), RecycleReason.MISSING);
                return true;
            }
        }
        return false;
    }
}
