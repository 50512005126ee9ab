package dev.relais.lifecycle;

import dev.relais.system.Finding;
import dev.relais.system.HostCheck;
import dev.relais.system.MemoryPlan;
import dev.relais.system.MemoryPlans;
import dev.relais.worker.WorkerGroup;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Whether memory and processes suffice for what is configured. */
@Singleton
final class SizeCheck implements HostCheck {
    /** Threads of the gateway that come after the check. */
    private static final int THREADS = 64;

    private final Sizing sizing;
    private final MemoryPlans plans;
    private final BooleanSupplier running;
    private final LongSupplier shared;

    @Inject
    SizeCheck(Sizing sizing, MemoryPlans plans, WorkerGroup group) {
        this(sizing, plans, () -> group.serving() != null, group::sharedBytes);
    }

    /**
     * @param running whether there are PHP processes, which then count as used
     * @param shared gives the memory that one opcache uses; -1 when it is not known
     */
    SizeCheck(Sizing sizing, MemoryPlans plans, BooleanSupplier running, LongSupplier shared) {
        this.sizing = sizing;
        this.plans = plans;
        this.running = running;
        this.shared = shared;
    }

    @Override
    public List<Finding> findings() {
        MemoryPlan plan = plans.current();
        return List.of(memory(plan), heap(plan), opcache(plan), processes(plan));
    }

    private Finding memory(MemoryPlan plan) {
        boolean limited = sizing.container().limited();
        Finding finding = Finding.of(
                plan.fits(),
                "memory",
                plan.sum(),
                plan.limit() == 0
                        ? "known"
                        : "at most " + (limited ? "the control group's limit, " : "the host's memory, ")
                                + MemoryPlan.mib(plan.limit())
                                + " MiB; a switch to another generation needs PHP's part twice",
                plan.isHopeless()
                        ? "a full heap and processes that have done nothing yet take " + MemoryPlan.mib(plan.least())
                                + " MiB already, so the kernel would kill them"
                        : "the kernel kills PHP processes or the gateway when all of it is used",
                "raise resources.limits.memory in the manifest, give the JVM less (-Xmx), or set relais.workers.count,"
                        + " relais.workers.children or opcache.memory_consumption lower");
        return plan.isHopeless() ? finding.impossible() : finding;
    }

    /** The heap's size is fixed at the start, so only another start gives it another part of the memory. */
    private Finding heap(MemoryPlan plan) {
        long before = plan.limitAtStart();
        return Finding.of(
                !plan.heapNeedsRestart(),
                "heap",
                MemoryPlan.mib(plan.gateway().heap()) + " MiB, sized for " + MemoryPlan.mib(before) + " MiB of memory",
                "sized for the memory that there is now, " + MemoryPlan.mib(plan.limit()) + " MiB",
                plan.limit() < before
                        ? "the heap may grow beyond what the smaller container leaves to it"
                        : "the heap, and what clients may take in memory, stay as small as the container was",
                "restart the gateway: only a start sizes the heap (kubectl rollout restart deployment)");
    }

    private Finding opcache(MemoryPlan plan) {
        long used = running.getAsBoolean() ? shared.getAsLong() : -1;
        return Finding.of(
                used <= plan.shared() / 10 * 9,
                "opcache.memory_consumption",
                MemoryPlan.mib(plan.shared()) + " MiB with strings and JIT"
                        + (used < 0 ? "" : ", of which " + MemoryPlan.mib(used) + " MiB are used"),
                "at most nine tenths are used",
                "scripts that do not fit are compiled anew at each request, and a full opcache is emptied as a whole",
                "relais.workers.php-settings.\"opcache.memory_consumption\"="
                        + 2 * Math.max(128, MemoryPlan.mib(plan.shared()))
                        + ", and that much more memory for each worker");
    }

    private Finding processes(MemoryPlan plan) {
        long left = sizing.container().processesLeft();
        long generation = plan.masters() + plan.children();
        long needed = running.getAsBoolean() ? generation : 2 * generation + THREADS;
        Finding finding = Finding.of(
                left >= needed,
                "cgroup pids limit",
                left == Long.MAX_VALUE ? "none" : left + " more",
                "none, or " + needed + " more processes and threads: " + generation
                        + " for each of two generations of PHP"
                        + (running.getAsBoolean() ? "" : ", and the gateway's threads"),
                "PHP processes cannot be started, at the latest when a new generation starts beside the old one",
                "raise the kubelet's podPidsLimit, podman's or docker's --pids-limit, or systemd's TasksMax=, or set"
                        + " relais.workers.children lower");
        return !running.getAsBoolean() && left < generation ? finding.impossible() : finding;
    }
}
