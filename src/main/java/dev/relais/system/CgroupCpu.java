package dev.relais.system;

import dev.relais.Digits;

/**
 * How many processors the control groups of this process leave it, and what it has used of them (cgroups(7); versions 1 and 2).
 * Immutable; reads block for a short time.
 */
final class CgroupCpu {
    private final Cgroups groups;

    /**
     * How often the group had to wait because its quota was used up.
     *
     * @param periods in which it has run; 0 when the kernel does not say
     * @param throttled of these, those in which it had to wait
     */
    record Throttling(long periods, long throttled) {
        /** The part of the periods in which it had to wait, 0 to 1. */
        double share() {
            return periods <= 0 ? 0 : Math.min(1, (double) throttled / periods);
        }
    }

    CgroupCpu(Cgroups groups) {
        this.groups = groups;
    }

    /** The smallest quota, in processors; 0 when there is none. */
    double quota() {
        double smallest = 0;
        for (Cgroups.Group group : groups.of("cpu")) {
            double quota = group.v2() ? quotaOfV2(group) : quotaOfV1(group);
            smallest = quota > 0 && (smallest == 0 || quota < smallest) ? quota : smallest;
        }
        return smallest;
    }

    /** {@code cpu.max}: the quota or {@code max}, and the period, in microseconds. */
    private static double quotaOfV2(Cgroups.Group group) {
        String[] fields = String.join(" ", HostFiles.lines(group.folder().resolve("cpu.max")))
                .split(" ");
        long quota = Digits.parse(fields[0], Integer.MAX_VALUE);
        long period = fields.length < 2 ? -1 : Digits.parse(fields[1], Integer.MAX_VALUE);
        return quota <= 0 || period <= 0 ? 0 : (double) quota / period;
    }

    /** The quota is -1 when there is none. */
    private static double quotaOfV1(Cgroups.Group group) {
        long quota = HostFiles.number(group.folder().resolve("cpu.cfs_quota_us"));
        long period = HostFiles.number(group.folder().resolve("cpu.cfs_period_us"));
        return quota <= 0 || period <= 0 ? 0 : (double) quota / period;
    }

    /** How often the own group had to wait. */
    Throttling throttling() {
        for (Cgroups.Group group : groups.of("cpu")) {
            long periods = HostFiles.number(group.folder().resolve("cpu.stat"), "nr_periods");
            long throttled = HostFiles.number(group.folder().resolve("cpu.stat"), "nr_throttled");
            if (periods > 0 && throttled >= 0) {
                return new Throttling(periods, throttled);
            }
        }
        return new Throttling(0, 0);
    }

    /** The time on processors that all processes of the own group have had, in nanoseconds; -1 when the kernel does not say. */
    long usedNanos() {
        for (Cgroups.Group group : groups.of("cpuacct")) {
            long used = group.v2()
                    ? HostFiles.number(group.folder().resolve("cpu.stat"), "usage_usec")
                    : HostFiles.number(group.folder().resolve("cpuacct.usage"));
            if (used >= 0) {
                return group.v2() ? used * 1_000 : used;
            }
        }
        return -1;
    }
}
