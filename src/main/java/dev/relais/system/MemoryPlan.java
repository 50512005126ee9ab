package dev.relais.system;

import java.util.Locale;

/**
 * What the gateway and PHP may take of the container's memory, added up. Immutable.
 *
 * <p>PHP's opcache is counted once for each master, since all its children share it, and for each child only what it does not share.
 *
 * @param limit the container's memory in bytes; 0 when it is not known
 * @param limitAtStart the same when the heap was sized
 * @param gateway what the gateway takes
 * @param masters the number of PHP-FPM masters
 * @param shared what the processes of one master share at most, such as the opcache
 * @param children the number of all children
 * @param child the private memory of one child on average
 * @param measured whether {@code child} is what the children have now; otherwise it is an estimate
 */
public record MemoryPlan(
        long limit,
        long limitAtStart,
        Gateway gateway,
        int masters,
        long shared,
        int children,
        long child,
        boolean measured) {
    public static final long MIB = 1 << 20;

    /** What a child has for itself when nothing is known of the functions: a framework's request, or a small application's. */
    public static final long USUAL_CHILD = 16 * MIB;

    /** What a child and a master have for themselves at least, when they have done nothing yet. */
    private static final long LEAST_CHILD = MIB / 2;

    private static final long LEAST_MASTER = 4 * MIB;

    /**
     * What the gateway's own process takes.
     *
     * @param heap the most that the heap may have
     * @param direct the most of clients' bytes that wait in direct memory
     * @param other of code, classes and threads
     * @param spool the most that spool files take of the memory: all of them when they are on a tmpfs, nothing on a disk
     */
    public record Gateway(long heap, long direct, long other, long spool) {
        /** Of a JVM after a load, measured: 60 MiB of classes and compiled code, the rest are threads and the collector. */
        public static final long OTHER_OF_JVM = 96 * MIB;

        /** Of a native executable, whose code is in a file that the kernel can drop. */
        public static final long OTHER_OF_EXECUTABLE = 24 * MIB;

        long total() {
            return heap + direct + other + spool;
        }
    }

    /** All of it. */
    public long total() {
        return gateway.total() + masters * shared + children * child;
    }

    /** What is left of the container; negative when it is too small. Only with a limit. */
    public long left() {
        return limit - total();
    }

    public boolean fits() {
        return limit <= 0 || left() >= 0;
    }

    /** What is left for PHP beside the gateway; negative when there is none. Only with a limit. */
    public long forPhp() {
        return limit - gateway.total();
    }

    /** What a heap that is full and processes that have done nothing yet take. */
    public long least() {
        return gateway.heap() + gateway.other() / 3 + masters * LEAST_MASTER + children * LEAST_CHILD;
    }

    /** Whether even that is too much. */
    public boolean isHopeless() {
        return limit > 0 && least() > limit;
    }

    /** Whether the memory is another one than that for which the heap was sized, which only a restart changes. */
    public boolean heapNeedsRestart() {
        return limitAtStart > 0 && Math.abs(limit - limitAtStart) > limitAtStart / 10;
    }

    /** As operators read it, in MiB. */
    public String sum() {
        return "heap " + mib(gateway.heap())
                + " + direct " + mib(gateway.direct())
                + " + rest of the gateway " + mib(gateway.other())
                + (gateway.spool() > 0 ? " + spool " + mib(gateway.spool()) : "")
                + " + " + masters + " x opcache " + mib(shared)
                + " + " + children + " children x " + String.format(Locale.ROOT, "%.1f", (double) child / MIB)
                + (measured ? " (measured)" : " (estimated)")
                + " = " + mib(total()) + " MiB";
    }

    /** In MiB, rounded. */
    public static long mib(long bytes) {
        return (bytes + MIB / 2) / MIB;
    }
}
