package dev.relais.telemetry;

import dev.relais.admission.WaitingRoom;
import dev.relais.slot.Worker;
import dev.relais.system.HostLoad;
import dev.relais.worker.WorkerGroups;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * How loaded the gateway is. Once in each interval of the sampler the load is measured, and the report is an exponentially weighted mean
 * of the last few: a load balancer that reads it can follow a change within some seconds, and does not follow chance.
 * {@link #measure} is called by one thread; what it publishes any thread may read.
 */
@Singleton
public class Loads {
    /** The weight of the latest interval; those before the last eight together have 6 % left. */
    private static final double LATEST = 0.3;

    private static final long NEVER = Long.MIN_VALUE;

    /** What is measured. */
    interface Source {
        /** Children that run a script or are not ready, at this moment. */
        int busy();

        /** Those of them that are not ready. */
        int unready();

        /** For how long all children together have run scripts; less than before when other children have taken their places. */
        long busyNanos(long nowNanos);

        /** All children. */
        int children();

        /** Invocations that wait for a child. */
        int waiting();

        /** Invocations that have ended since the start. */
        long ended();

        /** Those of them that were answered with a 5xx. */
        long failed();

        /** As {@link HostLoad#usedNanos}. */
        long cpuNanos();

        /** As {@link HostLoad#processors}. */
        double processors();

        /** As {@link HostLoad#memoryShare}. */
        double memoryShare();
    }

    private final Source source;
    private final LongSupplier nanos;
    private volatile LoadReport report = LoadReport.NONE;
    private volatile long saturatedSince = NEVER;

    // The following fields are confined to the thread that measures.
    private long lastNanos;
    private long lastBusy;
    private long lastEnded;
    private long lastFailed;
    private long lastCpu = -1;
    private boolean begun;

    @Inject
    Loads(WorkerGroups groups, WaitingRoom<?> room, PoolViews pools, LoadCounters counters, HostLoad host) {
        this(of(groups, () -> room.length() + pools.waiting(), counters, host), System::nanoTime);
    }

    /** @param nanos as {@link System#nanoTime} */
    Loads(Source source, LongSupplier nanos) {
        this.source = source;
        this.nanos = nanos;
        this.lastNanos = nanos.getAsLong();
    }

    private static Source of(WorkerGroups groups, IntSupplier waiting, LoadCounters counters, HostLoad host) {
        return new Source() {
            @Override
            public int busy() {
                int busy = 0;
                for (Worker worker : groups.workers()) {
                    busy += worker.busy();
                }
                return busy;
            }

            @Override
            public int unready() {
                int unready = 0;
                for (Worker worker : groups.workers()) {
                    unready += worker.size() - worker.proven();
                }
                return unready;
            }

            @Override
            public long busyNanos(long nowNanos) {
                long sum = 0;
                for (Worker worker : groups.workers()) {
                    sum += worker.busyNanos(nowNanos);
                }
                return sum;
            }

            @Override
            public int children() {
                int children = 0;
                for (Worker worker : groups.workers()) {
                    children += worker.size();
                }
                return children;
            }

            @Override
            public int waiting() {
                return waiting.getAsInt();
            }

            @Override
            public long ended() {
                return counters.ended();
            }

            @Override
            public long failed() {
                return counters.failed();
            }

            @Override
            public long cpuNanos() {
                return host.usedNanos();
            }

            @Override
            public double processors() {
                return host.processors();
            }

            @Override
            public double memoryShare() {
                return host.memoryShare();
            }
        };
    }

    /** Measures the load since the last call. Blocks for a short time. */
    public void measure() {
        long now = nanos.getAsLong();
        long passed = now - lastNanos;
        if (passed <= 0) {
            return;
        }
        double seconds = passed / 1e9;
        int busy = source.busy();
        int children = Math.max(1, source.children());
        int waiting = source.waiting();
        boolean full = busy >= children; // otherwise they wait for their functions' limits, and no other gateway helps
        long ended = source.ended();
        long failed = source.failed();
        long cpu = source.cpuNanos();
        LoadReport.Values before = report.values();
        report = new LoadReport(new LoadReport.Values(
                mean(before.application(), (running(now, passed, busy, children) + (full ? waiting : 0)) / children),
                cpu < 0 || lastCpu < 0
                        ? before.cpu()
                        : mean(before.cpu(), Math.max(0, cpu - lastCpu) / 1e9 / seconds / source.processors()),
                source.memoryShare(),
                mean(before.rps(), (ended - lastEnded) / seconds),
                mean(before.eps(), (failed - lastFailed) / seconds),
                waiting));
        begun = true;
        lastNanos = now;
        lastEnded = ended;
        lastFailed = failed;
        lastCpu = cpu;
        boolean saturated = full && waiting > 0;
        saturatedSince = !saturated ? NEVER : saturatedSince == NEVER ? now : saturatedSince;
    }

    /**
     * How many children have run a script or were not ready, on average since the last measurement: most scripts are over between two
     * looks. Where the children are other ones it is the number at this moment.
     */
    private double running(long now, long passed, int busy, int children) {
        long sum = source.busyNanos(now);
        long ran = sum - lastBusy;
        lastBusy = sum;
        return ran < 0 ? busy : Math.min(children, (double) ran / passed + source.unready());
    }

    /** @param before negative when it was not known */
    private double mean(double before, double latest) {
        return begun && before >= 0 ? before + LATEST * (latest - before) : latest;
    }

    /** The report of the last interval. */
    public LoadReport report() {
        return report;
    }

    /**
     * For how long, at the last measurement and all before it, every child was busy while invocations waited; 0 when that is not so.
     *
     * @param nowNanos as {@link System#nanoTime}
     */
    public long saturatedNanos(long nowNanos) {
        long since = saturatedSince;
        return since == NEVER ? 0 : Math.max(1, nowNanos - since);
    }
}
