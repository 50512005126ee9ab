package dev.relais.system;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;

/** The processors that the control group leaves, how the kernel hands out memory, and whom it kills for it. */
@Singleton
final class ProcessorCheck implements HostCheck {
    /** Beyond this part of the periods, being throttled shows in the latency. */
    private static final double SOME = 0.01;

    private final HostFiles files;
    private final Cgroups groups;
    private final CgroupCpu cpu;

    @Inject
    ProcessorCheck() {
        this(HostFiles.REAL);
    }

    ProcessorCheck(HostFiles files) {
        this.files = files;
        this.groups = Cgroups.current(files);
        this.cpu = new CgroupCpu(groups);
    }

    @Override
    public List<Finding> findings() {
        return List.of(quota(), throttling(), hugePages(), together());
    }

    private Finding quota() {
        double quota = cpu.quota();
        return Finding.of(
                quota == 0 || quota >= 1,
                "cgroup cpu limit",
                quota == 0 ? "none" : number(quota) + " processors",
                "none, or at least 1 processor",
                "the gateway and PHP are stopped for the rest of each 100 ms in which they have used it up, and every request with them",
                "remove resources.limits.cpu from the manifest and keep resources.requests.cpu, or set at least 1");
    }

    private Finding throttling() {
        CgroupCpu.Throttling throttling = cpu.throttling();
        return Finding.of(
                throttling.share() <= SOME,
                "cgroup cpu throttling",
                throttling.periods() == 0
                        ? "none"
                        : number(100 * throttling.share()) + " % of " + throttling.periods() + " periods",
                "at most " + number(100 * SOME) + " % of the periods",
                "the gateway and PHP had to wait for the next period though processors were free",
                "raise or remove resources.limits.cpu in the manifest");
    }

    private Finding hugePages() {
        String line = files.line("/sys/kernel/mm/transparent_hugepage/enabled");
        int from = line == null ? -1 : line.indexOf('[');
        int to = line == null ? -1 : line.indexOf(']');
        String now = line == null || from < 0 || to < from ? Finding.UNKNOWN : line.substring(from + 1, to);
        return Finding.of(
                !now.equals("always"),
                "transparent huge pages",
                now,
                "madvise or never",
                "the kernel rounds memory up to pages of 2 MiB, so that PHP processes, of which each has little of its own, and the heap take more",
                "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled on the node (at boot: transparent_hugepage=madvise)");
    }

    /** In version 2 one of the groups can say so; version 1 knows no such thing. */
    private Finding together() {
        boolean together = groups.of("memory").stream()
                .anyMatch(group -> group.v2() && HostFiles.number(group.folder().resolve("memory.oom.group")) == 1);
        return Finding.of(
                !together,
                "cgroup memory.oom.group",
                together ? "1" : "0",
                "0",
                "at the memory limit the kernel kills the gateway and all of PHP together, instead of the one PHP process that takes most",
                "singleProcessOOMKill: true in the configuration of the kubelet (from Kubernetes 1.32 on), OOMPolicy=continue in a unit of systemd,"
                        + " or keep PHP below the limit: a low memory_limit, and relais.workers.children so that all of them fit");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value).replaceAll("\\.?0+$", "");
    }
}
