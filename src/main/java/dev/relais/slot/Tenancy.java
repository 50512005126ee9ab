package dev.relais.slot;

import dev.relais.process.ProcReader;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The use of a child by one exchange, from the start of the exchange until the child is free of it. Confined to the slot's
 * event loop.
 */
final class Tenancy {
    private @Nullable Tenant tenant; // null when the child works for no exchange
    private @Nullable Path master; // the socket of the master under which the exchange began
    private boolean lost;
    private @Nullable Measurement measurement; // of its processor time; null when that is not wanted or not known

    private record Measurement(ProcReader proc, long pid, ProcReader.CpuTime before, long startedNanos) {
        static @Nullable Measurement begin(ProcReader proc, long pid, long nowNanos) {
            ProcReader.CpuTime before = proc.cpuTime(pid);
            return before == null ? null : new Measurement(proc, pid, before, nowNanos);
        }

        void tell(Tenant tenant, long heldNanos) {
            ProcReader.CpuTime after = proc.cpuTime(pid);
            if (after != null) {
                tenant.computed(
                        after.ranNanos() - before.ranNanos(),
                        after.waitedNanos() - before.waitedNanos(),
                        heldNanos,
                        startedNanos + heldNanos);
            }
        }
    }

    /**
     * @param socket of the master
     * @param proc tells the processor time of the child
     * @param pid of the child
     */
    void begin(Tenant user, @Nullable Path socket, ProcReader proc, long pid, long nowNanos) {
        tenant = user;
        master = socket;
        lost = false;
        measurement = user.wantsCpuTime(nowNanos) ? Measurement.begin(proc, pid, nowNanos) : null;
    }

    /** The connection to the child was lost, and the gateway has not caused that. */
    void lost() {
        lost = true;
    }

    /**
     * A child of the master at this socket has answered, which shows that this master lives.
     *
     * @param ended whether the process on which the exchange began has ended
     * @param lostNanos the time since the exchange began
     */
    void proven(@Nullable Path socket, boolean ended, long lostNanos) {
        if (tenant != null && lost && ended && master != null && master.equals(socket)) {
            tenant.crashed(lostNanos);
        }
    }

    /** @param heldNanos as in {@link Tenant#left} */
    void end(long heldNanos) {
        Tenant gone = tenant;
        tenant = null;
        if (gone != null) {
            Measurement begun = measurement;
            if (begun != null && heldNanos >= 0) {
                begun.tell(gone, heldNanos);
            }
            gone.left(heldNanos);
        }
    }
}
