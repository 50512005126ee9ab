package dev.relais.simulation;

import dev.relais.slot.RelativeLatency;
import java.util.Arrays;
import java.util.SplittableRandom;

/** One scenario under one rule: Poisson arrivals, exponential service times, one thread, one seed. */
final class Run {
    private final Scenario scenario;
    private final Rule rule;
    private final SplittableRandom random;
    private final Cluster cluster;
    private final Completions running = new Completions();
    private final RelativeLatency usual = new RelativeLatency();
    private final Fifo[] queues; // the gateway's one, or one for each worker
    private final double[] slowness;
    private final Latencies latencies = new Latencies();
    private double idle; // idle children; one that is ten times slower counts a tenth
    private double capacity; // all children, counted likewise
    private double wasted; // seconds of idle children while a request waited
    private double offered; // seconds of all children
    private long onSlow;

    private Run(Scenario scenario, Rule rule, long seed) {
        this.scenario = scenario;
        this.rule = rule;
        this.random = new SplittableRandom(seed);
        this.cluster = new Cluster(scenario.workers(), scenario.central());
        this.queues = new Fifo[scenario.central() ? 1 : scenario.workers()];
        for (int i = 0; i < queues.length; i++) {
            queues[i] = new Fifo();
        }
        this.slowness = new double[scenario.workers()];
    }

    static Outcome of(Scenario scenario, Rule rule, long seed) {
        return new Run(scenario, rule, seed).run();
    }

    private Outcome run() {
        double end = scenario.warmUp() + scenario.seconds();
        double arrival = gap();
        double sample = scenario.sampleAge();
        double turn = 0;
        while (true) {
            double completion = running.next();
            double next = Math.min(Math.min(arrival, completion), Math.min(sample, turn));
            account(Math.min(next, end));
            if (next >= end) {
                return outcome();
            }
            if (next == completion) {
                complete();
            } else if (next == arrival) {
                arrive();
                arrival += gap();
            } else if (next == sample) {
                sample();
                sample += scenario.sampleAge();
            } else {
                turn();
                turn = scenario.period() == 0 ? Double.POSITIVE_INFINITY : turn + scenario.period();
            }
        }
    }

    private double gap() {
        return -Math.log1p(-random.nextDouble()) / scenario.arrivalRate();
    }

    private void account(double until) {
        double elapsed = until - cluster.now;
        if (cluster.now >= scenario.warmUp()) {
            wasted += elapsed * Math.max(0, Math.min(idle, cluster.waiting));
            offered += elapsed * capacity;
        }
        cluster.now = until;
    }

    private void turn() {
        idle = 0;
        capacity = 0;
        for (int i = 0; i < slowness.length; i++) {
            slowness[i] = scenario.slowness(i, cluster.now);
            idle += (Scenario.CHILDREN - cluster.busy(i)) / slowness[i];
            capacity += Scenario.CHILDREN / slowness[i];
        }
    }

    private void sample() {
        for (int i = 0; i < cluster.workers; i++) {
            cluster.sampledLoad[i] = cluster.load(i);
        }
        rule.sampled(cluster);
        Arrays.fill(cluster.exchanges, 0);
        Arrays.fill(cluster.relativeLatency, 0);
    }

    private void arrive() {
        if (cluster.central) {
            enqueue(0);
            dispatch();
            return;
        }
        int worker = rule.choose(cluster, random);
        if (cluster.isFree(worker)) {
            start(worker, cluster.now);
        } else {
            cluster.queued(worker, 1);
            enqueue(worker);
            rule.changed(cluster, worker);
        }
    }

    private void enqueue(int queue) {
        queues[queue].add(cluster.now);
        cluster.waiting++;
    }

    private void dispatch() {
        while (!queues[0].isEmpty()) {
            int worker = rule.choose(cluster, random);
            if (worker < 0) {
                return;
            }
            cluster.waiting--;
            start(worker, queues[0].remove());
        }
    }

    private void start(int worker, double arrived) {
        double service = -Math.log1p(-random.nextDouble()) * Scenario.MEAN * slowness[worker];
        running.add(cluster.now + service, service, worker);
        if (arrived >= scenario.warmUp()) {
            latencies.add(cluster.now - arrived + service);
            onSlow += slowness[worker] > 1 ? 1 : 0;
        }
        idle -= 1 / slowness[worker];
        cluster.busy(worker, 1);
        rule.changed(cluster, worker);
    }

    private void complete() {
        double service = running.service();
        int worker = running.remove();
        idle += 1 / slowness[worker];
        cluster.exchanges[worker]++;
        double relativeLatency = usual.observe(service);
        cluster.relativeLatency[worker] += relativeLatency;
        rule.ended(cluster, worker, relativeLatency);
        cluster.busy(worker, -1);
        rule.changed(cluster, worker);
        if (cluster.central) {
            dispatch();
        } else if (!queues[worker].isEmpty()) {
            cluster.waiting--;
            cluster.queued(worker, -1);
            start(worker, queues[worker].remove());
        }
    }

    private Outcome outcome() {
        // Who waits still has waited so long at least: without them a queue without end would look short.
        for (Fifo queue : queues) {
            while (!queue.isEmpty()) {
                double arrived = queue.remove();
                if (arrived >= scenario.warmUp()) {
                    latencies.add(cluster.now - arrived);
                }
            }
        }
        long requests = latencies.total();
        return new Outcome(
                latencies.percentile(0.5),
                latencies.percentile(0.99),
                100 * wasted / offered,
                100.0 * onSlow / requests,
                requests);
    }
}
