package dev.relais.telemetry;

import dev.relais.admission.WaitingRoom;
import dev.relais.balancer.Balancer;
import dev.relais.functions.PoolSettings;
import dev.relais.slot.Worker;
import dev.relais.worker.WorkerGroup;
import jakarta.inject.Singleton;
import java.util.List;

/** The pools beside the common one, for meters and status. Published by the lifecycle; any thread may read. */
@Singleton
public class PoolViews {
    /**
     * One pool.
     *
     * @param user that PHP runs as there
     * @param group its workers
     * @param ranking of them
     * @param room where invocations wait for one of their children
     */
    public record View(PoolSettings settings, String user, WorkerGroup group, Balancer ranking, WaitingRoom<?> room) {
        int children() {
            int children = 0;
            for (Worker worker : group.workers()) {
                children += worker.size();
            }
            return children;
        }

        int busy() {
            int busy = 0;
            for (Worker worker : group.workers()) {
                busy += worker.busy();
            }
            return busy;
        }

        long restarts() {
            long restarts = 0;
            for (Worker worker : group.workers()) {
                restarts += group.counters(worker).restarts();
            }
            return restarts;
        }
    }

    private final PoolMeters meters;
    private volatile List<View> all = List.of();

    PoolViews(PoolMeters meters) {
        this.meters = meters;
    }

    /** Called by one thread at a time. */
    public void publish(List<View> pools) {
        all = List.copyOf(pools);
        meters.follow(all);
    }

    /** Those that serve, in the order of their names. */
    public List<View> all() {
        return all;
    }

    /** How many invocations wait in all of them. */
    int waiting() {
        int waiting = 0;
        for (View pool : all) {
            waiting += pool.room().length();
        }
        return waiting;
    }
}
