package dev.relais.slot;

import java.util.List;

/**
 * Finds children in /proc that have ended. Usually a line of the master's log says so, but that line may be late or lost: a
 * stopped master reaps no child, and a process that ends before its proof belongs to no slot when its line comes. At most
 * {@link #LOOKS} children are checked each second, in turn, in about ten microseconds each. So a dead child among n is found
 * after at most 1 s + n / {@value #LOOKS} s. Confined to the supervisor thread.
 */
public final class DeathWatch implements Runnable {
    /** How often it looks. */
    public static final long INTERVAL_MILLIS = 1_000;

    private static final int LOOKS = 128;

    private final List<Worker> workers;
    private int worker;
    private int slot = -1; // the last one looked at

    /** @param workers of one generation, one at least */
    public DeathWatch(List<Worker> workers) {
        this.workers = workers;
    }

    @Override
    public void run() {
        int children = workers.size() * workers.get(0).size();
        for (int looks = Math.min(LOOKS, children); looks > 0; looks--) {
            if (++slot == workers.get(worker).size()) {
                slot = 0;
                worker = (worker + 1) % workers.size();
            }
            workers.get(worker).slot(slot).connection().look();
        }
    }
}
