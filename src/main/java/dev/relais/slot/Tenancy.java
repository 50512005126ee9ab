package dev.relais.slot;

import dev.relais.process.ProcReader;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The use of a child by one exchange, from the start of the exchange until the child is free of it. Confined to the slot's
 * event loop.
 */
final class Tenancy {
    private final ProcReader proc;
    private @Nullable Tenant tenant; // null when the child works for no exchange
    private @Nullable Path master; // the socket of the master under which the exchange began
    private boolean lost;
    private long process; // on which it runs
    private long startedNanos;
    private ProcReader.@Nullable CpuTime
            before; // of the process, as the exchange began; null when not wanted or not known

    Tenancy(ProcReader proc) {
        this.proc = proc;
    }

    /**
     * @param socket of the master
     * @param pid of the child
     */
    void begin(Tenant user, @Nullable Path socket, long pid, long nowNanos) {
        tenant = user;
        master = socket;
        lost = false;
        process = pid;
        startedNanos = nowNanos;
        before = user.wantsCpuTime(nowNanos) ? proc.cpuTime(pid) : null;
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
            ProcReader.CpuTime atBegin = before;
            if (atBegin != null && heldNanos >= 0) {
                tellCpuTime(gone, atBegin, heldNanos);
            }
            gone.left(heldNanos);
        }
    }

    private void tellCpuTime(Tenant gone, ProcReader.CpuTime atBegin, long heldNanos) {
        ProcReader.CpuTime after = proc.cpuTime(process);
        if (after != null) {
            gone.computed(
                    after.ranNanos() - atBegin.ranNanos(),
                    after.waitedNanos() - atBegin.waitedNanos(),
                    heldNanos,
                    startedNanos + heldNanos);
        }
    }
}
