package dev.relais.telemetry;

import dev.relais.admission.WaitingRoom;
import dev.relais.balancer.Balancer;
import dev.relais.functions.PoolSettings;
import dev.relais.slot.ResidentFacts;
import dev.relais.slot.Residents;
import dev.relais.slot.Worker;
import dev.relais.worker.WorkerGroup;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
    private final ResidentMeters residentMeters;
    private final Residents residents;
    private volatile List<View> all = List.of();

    PoolViews(PoolMeters meters, ResidentMeters residentMeters, Residents residents) {
        this.meters = meters;
        this.residentMeters = residentMeters;
        this.residents = residents;
    }

    /** Called by one thread at a time, the one that starts the pools. What is known of resident functions in no pool is forgotten. */
    public void publish(List<View> pools) {
        all = List.copyOf(pools);
        meters.follow(all);
        Map<String, ResidentFacts> facts = new HashMap<>();
        for (View pool : all) {
            String function = pool.settings().residentFunction();
            if (function != null) {
                facts.put(function, residents.of(function));
            }
        }
        residents.retain(facts.keySet());
        residentMeters.follow(facts);
    }

    /** Those that serve, in the order of their names. */
    public List<View> all() {
        return all;
    }

    /** The resident functions of which no child has ever booted, in the order of their names. */
    public List<String> notBooted() {
        List<String> never = new ArrayList<>();
        for (View pool : all) {
            String function = pool.settings().residentFunction();
            if (function != null && residents.of(function).boots() == 0) {
                never.add(function);
            }
        }
        return never;
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
