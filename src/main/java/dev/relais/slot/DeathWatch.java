package dev.relais.slot;

import java.util.List;

/**
 * Looks in /proc for children that have ended, in turn, for the case that the line by which the master tells it is late or lost: a master
 * that is stopped reaps nobody, and a process that was not proven yet is nobody's when its line comes. At most {@link #LOOKS} children
 * each second, some ten microseconds each, so that of n children none is taken for alive longer than 1 s + n / {@value #LOOKS} s.
 * Confined to the supervisor thread.
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
